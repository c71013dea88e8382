using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>The images of one repository in a DAG, whatever its form.</summary>
/// <param name="reader">Reads the DAG.</param>
internal abstract class DagImages(DagReader reader)
{
    /// <summary>The file that holds the content of a digest, or null.</summary>
    public abstract ValueTask<UnixFsEntry?> FindAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>The manifest that a tag names, or null.</summary>
    public abstract ValueTask<Digest?> FindAsync(Tag tag, CancellationToken cancellationToken);

    /// <summary>All tags, in ordinal order.</summary>
    public abstract ValueTask<IReadOnlyList<Tag>> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>All manifests that can be told without following references.</summary>
    public abstract ValueTask<IReadOnlyList<Digest>> ListManifestsAsync(CancellationToken cancellationToken);

    /// <summary>The entries of the images' index; none where there is no index.</summary>
    /// <exception cref="IpdrException">It cannot be read.</exception>
    public virtual ValueTask<IReadOnlyList<Descriptor>> ReadIndexAsync(CancellationToken cancellationToken) => new([]);

    /// <summary>Reads a document and checks it against its digest.</summary>
    /// <exception cref="IpdrException">It is too large, or not what it should be, or a block is missing or wrong.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(UnixFsEntry file, Digest? digest, CancellationToken cancellationToken)
    {
        string where = digest is null ? $"block {file.Cid}" : $"block {file.Cid}, {digest}";
        if (file.Kind != DagEntryKind.File)
            throw DagFaults.NotAFile(file.Cid, file.Kind);
        if (file.Size > Document.MaxBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the document is larger than {Document.MaxBytes} bytes", where, "Is this a manifest?"));
        byte[] content = new byte[file.Size];
        Stream stream = await reader.OpenFileAsync(ContentPath.Of(file.Cid), cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        if (digest is { } expected && Digest.OfContent(expected.Algorithm, content) is var actual && actual != expected)
            throw new DigestMismatchException(expected, actual, where);
        return content;
    }

    /// <summary>What a path leads to, or null where it leads to nothing.</summary>
    protected async ValueTask<UnixFsEntry?> TryGetAsync(ContentPath path, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.GetAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code is FaultCode.NoSuchEntry or FaultCode.NotADirectory)
        {
            return null;
        }
    }

    /// <summary>Entries of a directory, each with what its top block says; bounded, since a stranger made it.</summary>
    protected async ValueTask<IReadOnlyList<NamedLink>> ListAsync(ContentPath path, CancellationToken cancellationToken)
    {
        const int MaxEntries = 10_000;
        List<NamedLink> entries = [];
        await foreach (NamedLink entry in reader.ListAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (entries.Count == MaxEntries)
                throw DagFaults.Limit(path.ToString(), "the directory has too many entries", nameof(MaxEntries), MaxEntries);
            entries.Add(entry);
        }
        return entries;
    }
}
