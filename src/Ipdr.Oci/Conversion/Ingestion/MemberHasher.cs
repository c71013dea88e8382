using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Hashes a member's bytes, as they are stored, by all algorithms that somebody will ask for.</summary>
internal sealed class MemberHasher(PassingContent content, ConversionOptions options, bool isDryRun) : IDisposable
{
    private readonly DigestSet _digests = new(AlgorithmsOf(content.Member, options, isDryRun));

    /// <summary>Bytes hashed.</summary>
    public long Length => _digests.Length;

    /// <summary>Takes the bytes, in order.</summary>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        _digests.Append(block.Span);
        content.Progress.Add(block.Length);
        return ValueTask.CompletedTask;
    }

    /// <summary>All of them, SHA-256 among them.</summary>
    public Dictionary<DigestAlgorithm, Digest> Finish()
    {
        Dictionary<DigestAlgorithm, Digest> found = _digests.Finish();
        if (content.Member.Verified is { } verified)
            found[verified.Algorithm] = verified;
        return found;
    }

    public void Dispose() => _digests.Dispose();

    // Under blobs/sha512/… the name promises another digest than the one that every content gets.
    private static IEnumerable<DigestAlgorithm> AlgorithmsOf(ArchiveMember member, ConversionOptions options, bool isDryRun)
    {
        if (isDryRun)
            return Enum.GetValues<DigestAlgorithm>();
        List<DigestAlgorithm> algorithms = [DigestAlgorithm.Sha256];
        if (options.Digest is { } wanted)
            algorithms.Add(wanted);
        if (DigestName.TryRead(member.Path.ToString(), out Digest promised))
            algorithms.Add(promised.Algorithm);
        // What is compared as it is read need not be hashed once more.
        return algorithms.Where(algorithm => algorithm != member.Verified?.Algorithm);
    }
}
