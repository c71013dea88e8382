namespace Ipdr.Oci.Conversion;

/// <summary>How far one layer or blob has been read.</summary>
/// <param name="name">The member's name.</param>
/// <param name="totalBytes">Bytes to read.</param>
public sealed class ContentProgress(string name, long totalBytes)
{
    private long _doneBytes;

    /// <summary>The member's name.</summary>
    public string Name { get; } = name;

    /// <summary>Bytes to read.</summary>
    public long TotalBytes { get; } = totalBytes;

    /// <summary>Bytes read so far.</summary>
    public long DoneBytes => Interlocked.Read(ref _doneBytes);

    internal void Add(long bytes) => Interlocked.Add(ref _doneBytes, bytes);
}
