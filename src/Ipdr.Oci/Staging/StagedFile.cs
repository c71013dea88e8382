using Ipdr.Oci.Faults;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Staging;

/// <summary>A file that is being written where nobody looks yet. Who creates it disposes of it, unless it was moved to its place.</summary>
internal sealed class StagedFile : IDisposable
{
    private SafeFileHandle? _handle;
    private readonly WriteBehind _behind = new(0);
    private Task _completion = Task.CompletedTask;

    public StagedFile(string path)
    {
        Path = path;
        _handle = DestinationIo.Guard(path, () => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));
    }

    private StagedFile(string path, long length) => (Path, Length) = (path, length);

    /// <summary>Where it is now.</summary>
    public string Path { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>It will be deleted before long, so nothing of it is brought to the disk.</summary>
    public bool IsPassing { get; set; }

    /// <summary>A file that is complete and safe on the disk already.</summary>
    public static StagedFile OfFinished(string path, long length) => new(path, length);

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="IpdrException">The volume is full or fails; <see cref="FaultCode.DiskFull"/> or <see cref="FaultCode.Io"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle!, bytes, Length, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain(Path, e);
        }
        Length += bytes.Length;
        if (!IsPassing)
            _behind.Written(_handle!, Length);
    }

    /// <summary>Makes what was written outlive a power failure, and closes the file.</summary>
    /// <exception cref="IpdrException">The volume is full or fails.</exception>
    public void Complete()
    {
        DestinationIo.Guard(Path, () => RandomAccess.FlushToDisk(_handle!));
        Dispose();
    }

    /// <summary>Makes what was written outlive a power failure, beside other work; <see cref="MoveToAsync"/> waits for it.</summary>
    public void BeginComplete() => _completion = DiskSync.RunAsync(Complete);

    /// <summary>Waits until what was written is safe on the disk.</summary>
    /// <exception cref="IpdrException">The volume is full or fails.</exception>
    public Task CompletedAsync() => _completion;

    /// <summary>Reads the file from its start. The caller disposes of the stream.</summary>
    public Stream OpenRead() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Moves the file to its place, over whatever is there, once it is safe on the disk.</summary>
    /// <exception cref="IpdrException">The volume is full or fails, or the move failed.</exception>
    public async Task MoveToAsync(string path)
    {
        await _completion.ConfigureAwait(false);
        DestinationIo.Guard(path, () => File.Move(Path, path, overwrite: true));
        Path = path;
    }

    /// <summary>Deletes the file.</summary>
    public async Task DeleteAsync()
    {
        await _completion.ConfigureAwait(false);
        Dispose();
        File.Delete(Path);
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
