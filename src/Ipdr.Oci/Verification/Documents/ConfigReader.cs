using System.Globalization;
using System.Text.RegularExpressions;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>Reads image configs (image-spec, config.md), Docker's included.</summary>
internal static partial class ConfigReader
{
    private static readonly string[] TextLists = ["Env", "Entrypoint", "Cmd", "OnBuild", "Shell"];
    private static readonly string[] Texts = ["User", "WorkingDir", "StopSignal", "Hostname", "Domainname", "Image"];
    private static readonly string[] Sets = ["ExposedPorts", "Volumes"];

    public static FoundConfig? Read(StrictDocument document)
    {
        if (document.Root.AsObject() is not { } root)
            return null;
        Platform platform = ReadPlatform(root);
        _ = root.Text("author");
        CheckTime(root);
        if (root.Member("config") is { } member && member.AsObject() is { } run)
            CheckRun(run);
        IReadOnlyList<Digest?> diffIds = ReadDiffIds(root);
        CheckHistory(root, diffIds.Count);
        return new FoundConfig(platform, diffIds);
    }

    private static Platform ReadPlatform(JsonView root)
    {
        Platform platform = new(root.Text("architecture") ?? "", root.Text("os") ?? "")
        {
            Variant = root.Text("variant") is { Length: > 0 } variant ? variant : null,
            OsVersion = root.Text("os.version") is { Length: > 0 } version ? version : null,
        };
        foreach (JsonView feature in root.Items("os.features"))
            _ = feature.AsText();
        if (platform.Architecture.Length == 0 || platform.Os.Length == 0)
            root.Report(FaultCode.IncompletePlatform, "the config does not say both architecture and os");
        return platform;
    }

    private static IReadOnlyList<Digest?> ReadDiffIds(JsonView root)
    {
        if (root.Require("rootfs")?.AsObject() is not { } rootfs)
            return [];
        if (rootfs.RequireText("type") is { } type && type != RootFileSystem.Layers)
            rootfs.Member("type")!.Value.Report("the type of the file system is not known", RootFileSystem.Layers, type);
        return [.. rootfs.Items("diff_ids").Select(DescriptorReader.ReadDigest)];
    }

    private static void CheckRun(JsonView run)
    {
        foreach (string name in Texts)
            _ = run.Text(name);
        foreach (string name in TextLists)
        {
            foreach (JsonView item in run.Items(name))
                _ = item.AsText();
        }
        foreach (string name in Sets)
        {
            foreach ((_, JsonView value) in run.Member(name)?.AsObject()?.Pairs() ?? [])
                _ = value.AsObject();
        }
        _ = run.Texts("Labels");
        _ = run.Flag("ArgsEscaped");
    }

    private static void CheckHistory(JsonView root, int layers)
    {
        IReadOnlyList<JsonView> history = root.Items("history");
        int made = 0;
        foreach (JsonView step in history)
        {
            if (step.AsObject() is not { } entry)
                continue;
            CheckTime(entry);
            foreach (string name in (ReadOnlySpan<string>)["created_by", "author", "comment"])
                _ = entry.Text(name);
            made += entry.Flag("empty_layer") == true ? 0 : 1;
        }
        if (history.Count > 0 && made != layers)
        {
            root.Member("history")!.Value.Report(
                FaultCode.HistoryInconsistent,
                "the history has another number of steps that made a layer than there are DiffIds",
                layers.ToString(CultureInfo.InvariantCulture),
                made.ToString(CultureInfo.InvariantCulture));
        }
    }

    // Engines written in Go refuse the whole config when a time is not of this form.
    private static void CheckTime(JsonView view)
    {
        if (view.Member("created") is { } member && member.AsText() is { } text && !(TimePattern.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
            member.Report("the time is not written as RFC 3339 asks", "as in 2026-01-31T12:00:00Z", text);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern { get; }
}
