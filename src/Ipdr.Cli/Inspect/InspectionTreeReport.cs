using System.Text.RegularExpressions;
using Ipdr.Cli.Output;
using Ipdr.Oci.Transfer;
using Spectre.Console;

namespace Ipdr.Cli.Inspect;

/// <summary>For people at a terminal: a tree for each image.</summary>
internal sealed partial class InspectionTreeReport(IAnsiConsole console)
{
    // Twelve digits tell blobs apart on a screen.
    private const int ShownDigits = 12;

    public void Write(IReadOnlyList<InspectedImage> images)
    {
        foreach (InspectedImage image in images)
        {
            Tree tree = new($"[bold]{Markup.Escape(Printable.Of(InspectionLabel.Of(image)))}[/]") { Style = Style.Parse("grey") };
            if (image.Cid is { } cid)
                tree.AddNode($"CID {cid}");
            Add(tree, InspectionLabel.Of(image.Manifest), image.Manifest);
            console.Write(tree);
        }
    }

    private static void Add(IHasTreeNodes parent, string label, InspectedManifest manifest)
    {
        TreeNode node = parent.AddNode(Label(label, manifest.Kind == InspectedKind.Absent ? "yellow" : "default"));
        if (manifest.Config is not null)
            node.AddNode(Label(InspectionLabel.OfConfig(manifest), "default"));
        foreach (InspectedLayer layer in manifest.Layers)
            node.AddNode(Label(InspectionLabel.Of(layer), "default"));
        foreach (InspectedManifest child in manifest.Manifests)
            Add(node, InspectionLabel.Of(child), child);
        foreach (InspectedReferrer referrer in manifest.Referrers)
            Add(node, InspectionLabel.Of(referrer), referrer.Manifest);
    }

    private static string Label(string text, string color) => $"[{color}]{Markup.Escape(Hexadecimal.Replace(Printable.Of(text), match => match.Value[..ShownDigits] + "…"))}[/]";

    [GeneratedRegex("[0-9a-f]{64,128}")]
    private static partial Regex Hexadecimal { get; }
}
