using Ipdr.Oci.Sources;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Says what went with an image: its digest, and its kind or the tag that tells it.</summary>
internal static class ReferrerText
{
    public static string Of(SourceReferrer referrer) => $"{referrer.Descriptor.Digest}  {referrer.Tag?.ToString() ?? referrer.Descriptor.ArtifactType}".TrimEnd();
}
