using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations;

/// <summary>Blobs on their way to a place, whole ones and beginnings, in a folder that outlives the process: the next run for the same place goes on from there.</summary>
/// <remarks>
/// A file that is called by its digest is complete, verified and synced; one that ends in <c>.part</c> is a beginning, which is hashed
/// again before it is built upon. One process at a time has the folder.
/// </remarks>
internal sealed class PartialBlobs : IDisposable
{
    private const int CopyBytes = 256 << 10;
    private const int MaxAttempts = 100;
    private const string BeginningSuffix = ".part";

    private readonly string _folder;
    private readonly FolderLock _lock;
    private bool _removed;

    private PartialBlobs(string folder, FolderLock heldLock) => (_folder, _lock) = (folder, heldLock);

    /// <summary>Opens the folder for a place.</summary>
    /// <param name="folder">As of <see cref="PartialFolder"/>.</param>
    /// <exception cref="IpdrException">Another process is using it (<see cref="FaultCode.InUse"/>), or it cannot be made.</exception>
    public static PartialBlobs Open(string folder)
    {
        bool isHeld = false;
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                if (FolderLock.TryTake(folder, FileMode.OpenOrCreate) is { } heldLock)
                    return new PartialBlobs(folder, heldLock);
                isHeld = true;
            }
            catch (IOException) when (attempt < MaxAttempts || isHeld)
            {
                // Somebody who is done with it takes it away just now; the next try makes a new one.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DestinationIo.Explain(folder, e);
            }
        }
        throw new IpdrException(new Fault(FaultCode.InUse, "another process is copying to the same place", folder, "Wait for it to end."));
    }

    /// <summary>Is the whole blob here?</summary>
    public bool Holds(Descriptor blob) => new FileInfo(PathOf(blob.Digest)) is { Exists: true, Length: var length } && length == blob.Size;

    /// <summary>Where a blob stands once it is whole.</summary>
    public string PathOf(Digest digest) => Path.Combine(_folder, $"{digest.Algorithm.Name}-{digest.Encoded}");

    /// <summary>Brings a blob in, or the rest of it.</summary>
    /// <exception cref="DigestMismatchException">The content is not what was promised.</exception>
    /// <exception cref="IpdrException">It cannot be read, or there is no room. What came before stays.</exception>
    public async Task WriteAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        if (Holds(blob.Descriptor))
        {
            blob.Skip(blob.Descriptor.Size);
            return;
        }
        if (await blob.TryTakeFileAsync(PathOf(blob.Descriptor.Digest), cancellationToken).ConfigureAwait(false))
            return;
        string beginning = PathOf(blob.Descriptor.Digest) + BeginningSuffix;
        bool resumed = new FileInfo(beginning) is { Exists: true, Length: > 0 };
        try
        {
            await WriteAsync(blob, beginning, cancellationToken).ConfigureAwait(false);
        }
        catch (DigestMismatchException) when (resumed)
        {
            // The beginning may be what was wrong: a power failure can leave one with holes.
            await WriteAsync(blob, beginning, cancellationToken).ConfigureAwait(false);
        }
        DestinationIo.Guard(beginning, () => File.Move(beginning, PathOf(blob.Descriptor.Digest), overwrite: true));
    }

    /// <summary>Removes all of it, once it is not needed any more.</summary>
    public void Remove()
    {
        _removed = true;
        DestinationIo.Guard(_folder, _lock.Clear);
        DestinationIo.Guard(_folder, _lock.Dispose);
        try
        {
            Directory.Delete(_folder, recursive: false);
        }
        catch (IOException)
        {
            // The next one has it already.
        }
    }

    /// <summary>Lets go of the folder. It stays if there is anything in it to go on from.</summary>
    public void Dispose()
    {
        if (_removed)
            return;
        bool empty = Directory.EnumerateFileSystemEntries(_folder).All(entry => Path.GetFileName(entry) == FolderLock.FileName);
        if (empty)
            Remove();
        else
            _lock.Dispose();
    }

    private static async Task WriteAsync(BlobTransfer blob, string path, CancellationToken cancellationToken)
    {
        FileStream file = DestinationIo.Guard(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous));
        await using (file.ConfigureAwait(false))
        {
            try
            {
                Digest actual = await FillAsync(blob, file, cancellationToken).ConfigureAwait(false);
                if (actual != blob.Descriptor.Digest)
                    throw new DigestMismatchException(blob.Descriptor.Digest, actual, blob.Where);
                DestinationIo.Guard(path, () => file.Flush(flushToDisk: true));
            }
            catch (Exception e) when (e is DigestMismatchException or SizeMismatchException)
            {
                // Nothing can be built on it.
                file.SetLength(0);
                throw;
            }
        }
    }

    private static async Task<Digest> FillAsync(BlobTransfer blob, FileStream file, CancellationToken cancellationToken)
    {
        long size = blob.Descriptor.Size;
        using DigestHasher hasher = DigestHasher.Create(blob.Descriptor.Digest.Algorithm);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            if (file.Length > size)
                file.SetLength(0);
            long done = 0;
            for (int count; (count = await file.ReadAsync(buffer.AsMemory(0, CopyBytes), cancellationToken).ConfigureAwait(false)) > 0; done += count)
                hasher.Append(buffer.AsSpan(0, count));
            blob.Skip(done);
            Stream rest = await blob.OpenUnverifiedAsync(done, cancellationToken).ConfigureAwait(false);
            await using (rest.ConfigureAwait(false))
            {
                // One byte past the promised size shows that there is more.
                for (int count; (count = await rest.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBytes, size - done + 1)), cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    done += count;
                    if (done > size)
                        throw new SizeMismatchException(size, done, blob.Where);
                    Task writing = AppendAsync(file, buffer.AsMemory(0, count));
                    hasher.Append(buffer.AsSpan(0, count));
                    await writing.ConfigureAwait(false);
                }
            }
            // Content that only ends early can be gone on with.
            return done == size ? hasher.Finish() : throw new IpdrException(SizeMismatchException.Describe(size, done, blob.Where));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // No token: a beginning ends where a write ended.
    private static async Task AppendAsync(FileStream file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            Fault fault = DestinationIo.Explain(file.Name, e).Fault;
            throw new IpdrException(fault.Code == FaultCode.DiskFull ? fault with { Remedy = "Free some space; what has arrived is kept for the next run." } : fault, e);
        }
    }
}
