using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations;

/// <summary>A blob on its way from a source: opened by the destination when it wants it, from where it wants it.</summary>
public sealed class BlobTransfer
{
    private readonly IContentObserver? _observer;
    private readonly ContentProgress _progress;
    private int _started;
    private int _finished;
    private long _bytesRead;

    /// <summary>Makes a blob ready to be fetched.</summary>
    /// <param name="descriptor">Names the blob.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="observer">Is told when it begins and ends; may be null.</param>
    public BlobTransfer(Descriptor descriptor, IImageSource source, IContentObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(source);
        (Descriptor, Source, _observer) = (descriptor, source, observer);
        _progress = new ContentProgress(descriptor.Digest.ToString(), descriptor.Size);
    }

    /// <summary>Names the blob.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>Where it comes from.</summary>
    public IImageSource Source { get; }

    /// <summary>Its place, for messages.</summary>
    public string Where => $"{Source.Place}{Fault.PlaceSeparator}{Descriptor.Digest}";

    /// <summary>Bytes that were read of it so far; more than its size where it was read twice.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>The file that holds it already, where the source is a folder or a file; null otherwise.</summary>
    internal ValueTask<FileBlob?> FindLocalFileAsync(CancellationToken cancellationToken) => Source is ILocalBlobs local ? local.FindFileAsync(Descriptor, cancellationToken) : default;

    /// <summary>Gives the blob's file another name instead of copying it, where it was made for this transfer alone.</summary>
    /// <returns>False where it was not, or the other name is on another volume: then it is to be read.</returns>
    internal async ValueTask<bool> TryTakeFileAsync(string name, CancellationToken cancellationToken)
    {
        if (Source is not ILocalBlobs { OwnsFiles: true } local || await local.FindFileAsync(Descriptor, cancellationToken).ConfigureAwait(false) is not { Offset: 0 } file || !Posix.TryHardLink(file.Path, name))
            return false;
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _observer?.Started(_progress);
        Count(Descriptor.Size);
        Finish();
        return true;
    }

    /// <summary>Opens the rest of it. The bytes are not checked.</summary>
    /// <exception cref="IpdrException">It cannot be read.</exception>
    public async ValueTask<Stream> OpenUnverifiedAsync(long offset, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _observer?.Started(_progress);
        return new TransferStream(await Source.OpenUnverifiedAsync(Descriptor, offset, cancellationToken).ConfigureAwait(false), this);
    }

    /// <summary>Opens all of it; the read that meets its end throws if it is not what was promised.</summary>
    /// <exception cref="IpdrException">It cannot be read.</exception>
    public async ValueTask<VerifyingStream> OpenAsync(CancellationToken cancellationToken) =>
        new(await OpenUnverifiedAsync(0, cancellationToken).ConfigureAwait(false), Descriptor.Digest, Descriptor.Size, Where);

    /// <summary>Says that bytes need not be read, since they are there.</summary>
    internal void Skip(long bytes) => _progress.Add(bytes);

    /// <summary>Says that bytes were read.</summary>
    internal void Count(long bytes)
    {
        Interlocked.Add(ref _bytesRead, bytes);
        _progress.Add(bytes);
    }

    /// <summary>Says that the end was met.</summary>
    internal void Finish()
    {
        if (_started == 1 && Interlocked.Exchange(ref _finished, 1) == 0)
            _observer?.Finished(_progress);
    }
}
