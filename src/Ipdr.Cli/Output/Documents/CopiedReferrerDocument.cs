using Ipdr.Oci.Sources;

namespace Ipdr.Cli.Output.Documents;

/// <summary>A manifest in a JSON result that went with an image because it refers to it; the tag is there where that is what says so.</summary>
internal sealed record CopiedReferrerDocument(BlobDocument Manifest, string? ArtifactType, string Subject, string? Tag)
{
    public static CopiedReferrerDocument Of(SourceReferrer referrer) => new(
        new BlobDocument(referrer.Descriptor.MediaType.ToString(), referrer.Descriptor.Digest.ToString(), referrer.Descriptor.Size),
        referrer.Descriptor.ArtifactType,
        referrer.Subject.ToString(),
        referrer.Tag?.ToString());
}
