using Ipdr.Oci.Faults;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>Where an archive is written: to a file that appears when it is complete, or to a stream.</summary>
internal sealed class ArchiveOutput : IDisposable
{
    private readonly string? _path;
    private readonly Stream? _stream;
    private readonly StagingFolder? _staging;

    private ArchiveOutput(string? path, Stream? stream, StagingFolder? staging) => (_path, _stream, _staging) = (path, stream, staging);

    /// <summary>A new file.</summary>
    /// <exception cref="IpdrException">Something is there (<see cref="FaultCode.DestinationExists"/>), or its folder may not be written.</exception>
    public static ArchiveOutput ToFile(string path)
    {
        path = Path.GetFullPath(path);
        if (Path.Exists(path))
            throw Occupied(path);
        string parent = Path.GetDirectoryName(path) ?? path;
        DestinationIo.Guard(parent, () => Directory.CreateDirectory(parent));
        return new ArchiveOutput(path, null, StagingFolder.Create(parent, $".{Path.GetFileName(path)}.ipdr-"));
    }

    /// <summary>A stream, which stays open.</summary>
    public static ArchiveOutput ToStream(Stream stream) => new(null, stream, null);

    /// <summary>Writes the whole archive.</summary>
    /// <exception cref="IpdrException">The volume is full or fails, or something else was put there meanwhile.</exception>
    public async Task WriteAsync(Func<Stream, Task> write)
    {
        if (_stream is not null)
        {
            await write(_stream).ConfigureAwait(false);
            await _stream.FlushAsync().ConfigureAwait(false);
            return;
        }
        using StagedFile file = _staging!.NewFile();
        StagedFileStream output = new(file);
        await using (output.ConfigureAwait(false))
            await write(output).ConfigureAwait(false);
        file.Complete();
        if (Path.Exists(_path))
            throw Occupied(_path!);
        await file.MoveToAsync(_path!).ConfigureAwait(false);
        Folders.Posix.SyncDirectory(Path.GetDirectoryName(_path)!);
    }

    public void Dispose() => _staging?.Dispose();

    private static IpdrException Occupied(string path) =>
        new(new Fault(FaultCode.DestinationExists, "something is where the archive shall be", path, "Choose another name, or remove what is there."));
}
