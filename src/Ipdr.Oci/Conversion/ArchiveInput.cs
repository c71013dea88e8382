using Ipdr.Oci.Faults;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Conversion;

/// <summary>Where an archive comes from. Disposing of it closes what it opened.</summary>
public sealed class ArchiveInput : IAsyncDisposable
{
    private readonly bool _ownsStream;

    private ArchiveInput(string name, Stream stream, bool ownsStream) => (Name, Stream, _ownsStream) = (name, stream, ownsStream);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    internal Stream Stream { get; }

    /// <summary>Can any part be read at any time? Then only what is needed is read, side by side.</summary>
    internal FileStream? File => Stream is FileStream { CanSeek: true } file ? file : null;

    /// <summary>Opens a file, FIFO or device.</summary>
    /// <exception cref="IpdrException">It cannot be opened; <see cref="FaultCode.Io"/>.</exception>
    public static ArchiveInput OfFile(string path)
    {
        try
        {
            return new ArchiveInput(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous), ownsStream: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "there is no such file", path, "Give the path of an archive, or - to read one from standard input."), e);
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain(path, e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new IpdrException(new Fault(FaultCode.Io, "it is a folder, not an archive", path, "Layouts and other folders of images are copied: ipdr copy."), e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "it may not be read", path, "Give the path of an archive that you may read."), e);
        }
    }

    /// <summary>Reads a stream once, to its end. The stream stays open.</summary>
    /// <param name="stream">The bytes of the archive.</param>
    /// <param name="name">What messages call it.</param>
    public static ArchiveInput OfStream(Stream stream, string name) => new(name, stream, ownsStream: false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsStream ? Stream.DisposeAsync() : ValueTask.CompletedTask;
}
