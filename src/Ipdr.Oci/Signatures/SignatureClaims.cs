namespace Ipdr.Oci.Signatures;

/// <summary>What a signer has said beside the digest. The key's holder has signed it; nobody has looked whether it is true.</summary>
/// <param name="Reference">What the image was called where it was signed (<c>docker-reference</c>, or the name of a statement's subject); null where nothing was said.</param>
/// <param name="Annotations">Free pairs, by key. Values that are no texts are as JSON has them.</param>
public sealed record SignatureClaims(string? Reference, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>Nothing was said.</summary>
    public static SignatureClaims None { get; } = new(null, new SortedDictionary<string, string>(StringComparer.Ordinal));
}
