using Ipdr.Cli.Output;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Inspect;

/// <summary>For people without a terminal: a line for each part, indented by its depth.</summary>
internal sealed class InspectionTextReport(TextWriter output)
{
    public void Write(IReadOnlyList<InspectedImage> images)
    {
        foreach (InspectedImage image in images)
        {
            Line(0, InspectionLabel.Of(image));
            if (image.Cid is { } cid)
                Line(1, $"CID {cid}");
            Write(1, InspectionLabel.Of(image.Manifest), image.Manifest);
        }
    }

    private void Write(int depth, string label, InspectedManifest manifest)
    {
        Line(depth, label);
        if (manifest.Config is not null)
            Line(depth + 1, InspectionLabel.OfConfig(manifest));
        foreach (InspectedLayer layer in manifest.Layers)
            Line(depth + 1, InspectionLabel.Of(layer));
        foreach (InspectedManifest child in manifest.Manifests)
            Write(depth + 1, InspectionLabel.Of(child), child);
        foreach (InspectedReferrer referrer in manifest.Referrers)
            Write(depth + 1, InspectionLabel.Of(referrer), referrer.Manifest);
    }

    private void Line(int depth, string text) => output.WriteLine(new string(' ', 2 * depth) + Printable.Of(text));
}
