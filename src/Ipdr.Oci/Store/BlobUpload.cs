using System.Buffers;
using System.IO.Pipelines;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Store;

/// <summary>A blob on its way in. Its bytes are on the disk and belong to nothing until <see cref="CompleteAsync"/>. Not safe for several threads.</summary>
public sealed class BlobUpload : IAsyncDisposable
{
    private const int ReadBufferBytes = 1 << 20;

    // Below that, handing over costs more than hashing.
    private const int WorthHandingOver = 64 << 10;

    private readonly ContentStore _store;
    private readonly FileStream _file;
    private readonly WriteBehind _behind;
    private RunningHash? _hash;
    private BlobIndex? _known;
    private bool _ended;

    private BlobUpload(ContentStore store, RepositoryName repository, UploadId id, DigestAlgorithm algorithm, bool isLasting, FileStream file)
    {
        _store = store;
        _file = file;
        Repository = repository;
        Id = id;
        IsLasting = isLasting;
        Length = file.Length;
        _behind = new WriteBehind(Length);
        _hash = store.Hashes.Take(id, Length) ?? (Length == 0 ? RunningHash.Start(algorithm) : null);
    }

    /// <summary>Its name.</summary>
    public UploadId Id { get; }

    /// <summary>Where the blob will be seen.</summary>
    public RepositoryName Repository { get; }

    /// <summary>Bytes that are there so far.</summary>
    public long Length { get; private set; }

    /// <summary>Whether it can be continued after this object is gone.</summary>
    internal bool IsLasting { get; }

    /// <summary>Opens the file of an upload for nobody else.</summary>
    /// <exception cref="IpdrException">Somebody else has it open; <see cref="FaultCode.InUse"/>.</exception>
    internal static BlobUpload Open(ContentStore store, RepositoryName repository, UploadId id, DigestAlgorithm algorithm, bool isLasting)
    {
        string path = store.PathOf(id);
        FileStream file = TryOpen(path, FileMode.OpenOrCreate)
            ?? throw new IpdrException(new Fault(FaultCode.InUse, "another request is writing this upload", id.ToString(), "Wait for it to end, then ask how far the upload is."));
        return new BlobUpload(store, repository, id, algorithm, isLasting, file);
    }

    /// <summary>The file, locked against all other processes; null while another one holds it.</summary>
    internal static FileStream? TryOpen(string path, FileMode mode)
    {
        try
        {
            // On Windows a file can be moved while it is open only if that was allowed.
            FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            return new FileStream(path, mode, FileAccess.ReadWrite, share, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DestinationIo.Explain(path, e);
        }
    }

    /// <summary>Says before the first byte what the blob's blocks are, so that they need not be hashed. The bytes that come must have been held against them.</summary>
    internal void Expect(BlobIndex index)
    {
        // After others' bytes all is hashed anew, and so are the blocks.
        if (Length > 0 || _hash is not { } running)
            return;
        _known = index;
        running.Blocks?.Dispose();
        _hash = running with { Blocks = null };
    }

    /// <summary>Takes in everything that comes, at the end of what is there. What came before a failure stays, and can be built upon.</summary>
    /// <param name="content">The bytes; read to the end.</param>
    /// <param name="maxLength">Largest length of the whole blob, in bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">It gets too long (<see cref="FaultCode.Limit"/>), or the disk is full or fails.</exception>
    public async Task AppendAsync(PipeReader content, long maxLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        while (true)
        {
            ReadResult read = await content.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> piece = read.Buffer;
            try
            {
                if (!piece.IsEmpty)
                    await AppendAsync(piece, maxLength).ConfigureAwait(false);
            }
            finally
            {
                // Also after a failure: who owns the pipe may want to read on.
                content.AdvanceTo(piece.End);
            }
            if (read.IsCompleted || read.IsCanceled)
                return;
        }
    }

    /// <summary>Forgets everything after <paramref name="length"/>.</summary>
    public void Truncate(long length)
    {
        if (length == Length)
            return;
        _file.SetLength(length);
        Length = length;
        DropHash();
    }

    /// <summary>Checks the content, makes it outlive a power failure and lets it be seen. Afterwards the upload is gone.</summary>
    /// <exception cref="DigestMismatchException">It is not what was promised; the upload is gone.</exception>
    /// <exception cref="IpdrException">The upload was ended by somebody else (<see cref="FaultCode.NotFound"/>), or the disk is full or fails.</exception>
    public async Task<RegistryBlob> CompleteAsync(Digest expected, CancellationToken cancellationToken)
    {
        BlobIndex? index = await FinishBlocksAsync(cancellationToken).ConfigureAwait(false);
        Digest actual = await HashAsync(expected.Algorithm, cancellationToken).ConfigureAwait(false);
        // They are finished: whoever tries again after a failure reads the file.
        DropHash();
        if (actual != expected)
        {
            await CancelAsync(cancellationToken).ConfigureAwait(false);
            throw new DigestMismatchException(expected, actual, Repository.ToString());
        }
        await SyncAsync().ConfigureAwait(false);
        if (!await _store.FinishAsync(this, expected, index, cancellationToken).ConfigureAwait(false))
            throw new IpdrException(new Fault(FaultCode.NotFound, "the upload was ended meanwhile", Id.ToString(), "Start a new one."));
        _ended = true;
        return (await _store.FindBlobAsync(Repository, expected, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Ends the upload and forgets its bytes.</summary>
    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        File.Delete(_store.PathOf(Id));
        _ended = true;
        if (IsLasting)
            await _store.ForgetAsync(Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets others have it. An upload that was begun to be done in one go, and was not completed, is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended && !IsLasting)
            File.Delete(_store.PathOf(Id));
        if (_hash is not null && !_ended && IsLasting)
            _store.Hashes.Keep(Id, _hash);
        else
            DropHash();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets the file be opened by others. Its name is a blob's by now, so nobody takes it for an upload.</summary>
    internal void Release() => _file.Dispose();

    /// <summary>Takes in the next bytes.</summary>
    /// <exception cref="IpdrException">It gets too long (<see cref="FaultCode.Limit"/>), or the disk is full or fails.</exception>
    internal async Task AppendAsync(ReadOnlySequence<byte> piece, long maxLength)
    {
        if (Length + piece.Length > maxLength)
            throw new IpdrException(new Fault(FaultCode.Limit, $"a blob may have at most {maxLength} bytes here", Repository.ToString(), "Ask who runs the registry to raise the limit."));
        try
        {
            // No token: a write that is given up half-way would leave bytes that the hash does not know.
            Task writing = WriteAsync(piece);
            try
            {
                await HashAsync(piece).ConfigureAwait(false);
            }
            finally
            {
                // The bytes are borrowed until they are written.
                await writing.ConfigureAwait(false);
            }
            Length += piece.Length;
            _behind.Written(_file.SafeFileHandle, Length);
        }
        catch (IOException e)
        {
            DropHash();
            _file.SetLength(Length);
            throw DestinationIo.Explain(_store.PathOf(Id), e);
        }
    }

    // The server reads in small pages: one system call for all of them.
    private async Task WriteAsync(ReadOnlySequence<byte> piece)
    {
        if (piece.IsSingleSegment)
        {
            await RandomAccess.WriteAsync(_file.SafeFileHandle, piece.First, Length).ConfigureAwait(false);
            return;
        }
        List<ReadOnlyMemory<byte>> pages = [];
        foreach (ReadOnlyMemory<byte> page in piece)
            pages.Add(page);
        await RandomAccess.WriteAsync(_file.SafeFileHandle, pages, Length).ConfigureAwait(false);
    }

    // The blob's digest and those of its blocks are two hashes over the same bytes: side by side where that pays.
    private async ValueTask HashAsync(ReadOnlySequence<byte> piece)
    {
        if (_hash is not { } running)
            return;
        Task naming = Task.CompletedTask;
        if (running.Blocks is { } blocks && piece.Length >= WorthHandingOver)
            naming = Task.Run(() => AppendBlocks(blocks, piece));
        else if (running.Blocks is { } few)
            AppendBlocks(few, piece);
        foreach (ReadOnlyMemory<byte> page in piece)
            running.Hasher.Append(page.Span);
        await naming.ConfigureAwait(false);
        _hash = running with { Length = running.Length + piece.Length };
    }

    private static void AppendBlocks(FileSink blocks, ReadOnlySequence<byte> piece)
    {
        foreach (ReadOnlyMemory<byte> page in piece)
            blocks.Append(page.Span);
    }

    // Null when nothing is known of bytes that came before: then the blocks are found when somebody asks for them.
    private async Task<BlobIndex?> FinishBlocksAsync(CancellationToken cancellationToken) => _hash is { } running && running.Length == Length
        ? running.Blocks is { } blocks ? await BlobNaming.IndexAsync(blocks.Finish(new DiskContent(_store.PathOf(Id))), cancellationToken).ConfigureAwait(false) : _known
        : null;

    private async Task<Digest> HashAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        if (_hash is { } running && running.Hasher.Algorithm == algorithm)
            return running.Hasher.Finish();
        using DigestHasher hasher = DigestHasher.Create(algorithm);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        try
        {
            int count;
            for (long position = 0; position < Length; position += count)
            {
                count = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer, position, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    throw new EndOfStreamException($"the upload {Id} became shorter while it was read");
                hasher.Append(buffer.AsSpan(0, (int)Math.Min(count, Length - position)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return hasher.Finish();
    }

    private async Task SyncAsync()
    {
        try
        {
            await DiskSync.FlushAsync(_file.SafeFileHandle).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain(_store.PathOf(Id), e);
        }
    }

    private void DropHash()
    {
        _hash?.Dispose();
        _hash = null;
    }
}
