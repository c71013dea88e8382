using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Signatures;

/// <summary>An image of a place, and what was found of signatures of it.</summary>
/// <param name="Names">What the place calls it.</param>
/// <param name="Digest">The digest of its manifest or index: what a signature must name.</param>
public sealed record SignedImage(IReadOnlyList<string> Names, Digest Digest)
{
    /// <summary>Good signatures by the given keys, each once.</summary>
    public IReadOnlyList<ImageSignature> Signatures { get; init; } = [];

    /// <summary>Good attestations by the given keys. They sign no image.</summary>
    public IReadOnlyList<ImageAttestation> Attestations { get; init; } = [];

    /// <summary>Signatures that none of the given keys has made: by others, or changed since.</summary>
    public int OtherSignatures { get; init; }

    /// <summary>The signed index of the same place that lists this image, and whose signature is therefore for this one too; null if there is none, or the image is signed itself.</summary>
    public Digest? PartOf { get; init; }

    /// <summary>Has a holder of a given key signed it, or an index of which it is a part?</summary>
    public bool IsSigned => Signatures.Count > 0 || PartOf is not null;

    /// <summary>What is wrong with what claims to be a signature.</summary>
    internal IReadOnlyList<SignatureDefect> Defects { get; init; } = [];
}
