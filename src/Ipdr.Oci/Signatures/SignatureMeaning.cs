namespace Ipdr.Oci.Signatures;

/// <summary>What somebody has signed.</summary>
/// <param name="NamesImage">It is about the image for which it stands here.</param>
/// <param name="Named">What it is about, for messages.</param>
/// <param name="Claims">What else it says.</param>
internal sealed record SignatureMeaning(bool NamesImage, string Named, SignatureClaims Claims)
{
    /// <summary>What is stated of the image where that is something else than that it is signed; null for a signature.</summary>
    public string? PredicateType { get; init; }
}
