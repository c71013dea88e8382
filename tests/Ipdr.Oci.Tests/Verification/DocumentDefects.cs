using System.Text.Json.Nodes;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with indexes, manifests and configs.</summary>
internal static class DocumentDefects
{
    private const string Sha384 = "sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b";
    private const string Absent = "sha256:4b825dc642cb6eb9a060e54bf8d69288fbee4904e3b0c44298fc1c149afbf4c8";

    public static IEnumerable<Defect> All => [.. OfLayout(), .. OfIndex(), .. OfManifest(), .. OfConfig()];

    private static IEnumerable<Defect> OfLayout()
    {
        yield return Layout("no marker", FaultCode.MissingMarker, layout => layout.Remove("oci-layout"));
        yield return Layout("no index", FaultCode.MissingIndex, layout => layout.Remove("index.json"));
        yield return Layout("another version", FaultCode.UnsupportedVersion, layout => layout.Add("oci-layout", """{"imageLayoutVersion":"2.0.0"}"""));
        yield return Layout("a marker without version", FaultCode.BadManifest, layout => layout.Add("oci-layout", "{}"));
        yield return Layout("a marker that is no JSON", FaultCode.BadManifest, layout => layout.Add("oci-layout", "1.0.0"));
        yield return Layout("an index of no images", FaultCode.NoImages, layout =>
        {
            layout.Files.Keys.Where(path => path.StartsWith("blobs/", StringComparison.Ordinal)).ToList().ForEach(path => layout.Remove(path));
            layout.Add("index.json", SampleLayout.Text(SampleLayout.Index()));
        });
    }

    private static IEnumerable<Defect> OfIndex()
    {
        yield return Layout("an index that is cut off", FaultCode.BadManifest, layout => layout.Files["index.json"] = layout.Files["index.json"][..^9]);
        yield return Layout("an index with a byte order mark", FaultCode.BadManifest, layout => layout.Files["index.json"] = [0xEF, 0xBB, 0xBF, .. layout.Files["index.json"]]);
        yield return Layout("an index in Latin-1", FaultCode.BadManifest, layout => layout.Files["index.json"] = [.. "{\"x\":\""u8, 0xE9, .. "\"}"u8]);
        yield return Index("half of a surrogate pair", FaultCode.BadManifest, text => text.Replace("1.0\"}", "1.0\",\"note\":\"\\ud800\"}", StringComparison.Ordinal));
        yield return Index("a member twice", FaultCode.BadManifest, text => text.Insert(1, "\"schemaVersion\":2,"));
        yield return Index("a member in another case", FaultCode.BadManifest, text => text.Insert(1, "\"Manifests\":[],"));
        yield return Index("a member twice in a part that nobody knows", FaultCode.BadManifest, text => text.Insert(1, "\"x-own\":{\"a\":1,\"a\":2},"));
        yield return Index("nesting without end", FaultCode.BadManifest, text => text.Insert(1, $"\"deep\":{new string('[', 70)}{new string(']', 70)},"));
        yield return Index("another schema version", FaultCode.BadManifest, text => text.Replace("\"schemaVersion\":2", "\"schemaVersion\":1", StringComparison.Ordinal));
        yield return Index("no schema version", FaultCode.BadManifest, text => text.Replace("\"schemaVersion\":2,", "", StringComparison.Ordinal));
        yield return Index("the media type of a manifest", FaultCode.BadManifest, text => text.Replace(SampleLayout.IndexType, "application/vnd.oci.image.manifest.v1+json", StringComparison.Ordinal));
        yield return Index("layers in an index", FaultCode.BadManifest, text => text.Insert(1, "\"layers\":[],"));
        yield return Index("no media type", FaultCode.MissingMediaType, text => text.Replace($"\"mediaType\":\"{SampleLayout.IndexType}\",", "", StringComparison.Ordinal));
        yield return Entry("a size that is a text", FaultCode.BadManifest, entry => entry["size"] = "7");
        yield return Entry("a size that is no whole number", FaultCode.BadManifest, entry => entry["size"] = 1.5);
        yield return Entry("a negative size", FaultCode.BadManifest, entry => entry["size"] = -1);
        yield return Entry("no size", FaultCode.BadManifest, entry => entry.Remove("size"));
        yield return Entry("a size that is not the manifest's", FaultCode.SizeMismatch, entry => entry["size"] = entry["size"]!.GetValue<int>() + 1);
        yield return Entry("annotations that are no texts", FaultCode.BadManifest, entry => entry["annotations"]!["x"] = 7);
        yield return Entry("a label that is none", FaultCode.BadReference, entry => entry["annotations"]!["org.opencontainers.image.ref.name"] = "-v1-");
        yield return Entry("a platform without architecture", FaultCode.IncompletePlatform, entry => entry["platform"] = new JsonObject { ["os"] = "linux" });
        yield return Entry("a platform that is not the config's", FaultCode.PlatformMismatch, entry => entry["platform"]!["architecture"] = "arm64");
        yield return Entry("URLs that are none", FaultCode.BadUrl, entry => entry["urls"] = new JsonArray("here"));
        yield return Entry("data of another content", FaultCode.DataMismatch, entry => entry["data"] = Convert.ToBase64String(new byte[entry["size"]!.GetValue<int>()]));
        yield return Entry("data of another size", FaultCode.DataMismatch, entry => entry["data"] = "e30=");
        yield return Entry("data that is no base64", FaultCode.BadManifest, entry => entry["data"] = "*");
        yield return InIndex("an entry twice", FaultCode.DuplicateEntry, (_, index) => Entries(index).Add(Entries(index)[0]!.DeepClone()));
        yield return InIndex("an entry that is a number", FaultCode.BadManifest, (_, index) => Entries(index).Add(1));
        yield return InIndex("an entry that is not there", FaultCode.MissingBlob, (_, index) => Entries(index).Add(Descriptor(Absent)));
        yield return InIndex("an entry in schema 1", FaultCode.UnsupportedMediaType, (layout, index) => Entries(index).Add(layout.AddBlob("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}")));
        yield return InIndex("one label for two images", FaultCode.NameConflict, (layout, index) => Entries(index).Add(Another(layout)));
        yield return InIndex("a platform that was never pulled", FaultCode.PartialIndex, (layout, index) => Nest(layout, index, inner => Entries(inner).Add(Descriptor(Absent, "arm64"))));
        yield return InIndex("an attestation of something else", FaultCode.BadReferrer, (layout, index) =>
            Nest(layout, index, inner => Entries(inner)[0]!["annotations"] = new JsonObject { ["vnd.docker.reference.digest"] = Absent }));
        yield return InIndex("a referrer of something else", FaultCode.BadReferrer, (layout, index) =>
            Entries(index).Add(With(Referrer(layout, Subject(index)), "annotations", new JsonObject { ["io.containerd.manifest.subject"] = Absent })));
        yield return InIndex("a list of referrers of something else", FaultCode.BadReferrer, (layout, index) => Entries(index).Add(With(
            layout.AddBlob(SampleLayout.IndexType, SampleLayout.Text(SampleLayout.Index(Referrer(layout, Subject(index))))),
            "annotations",
            new JsonObject { ["org.opencontainers.image.ref.name"] = Absent.Replace(':', '-') })));
        yield return InIndex("a subject that is elsewhere", FaultCode.MissingSubject, (layout, index) => Entries(index).Add(Referrer(layout, Descriptor(Absent))));
    }

    private static IEnumerable<Defect> OfManifest()
    {
        yield return Manifest("no config", FaultCode.BadManifest, manifest => manifest.Remove("config"), FaultCode.OrphanBlob);
        yield return Manifest("another media type than the index says", FaultCode.BadManifest, manifest => manifest["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json");
        yield return Manifest("manifests in a manifest", FaultCode.BadManifest, manifest => manifest["manifests"] = new JsonArray());
        yield return Manifest("a media type that is none", FaultCode.BadManifest, manifest => manifest["mediaType"] = "manifest");
        yield return Manifest("no media type", FaultCode.MissingMediaType, manifest => manifest.Remove("mediaType"));
        yield return Manifest("a digest in upper case", FaultCode.BadDigest, manifest => manifest["subject"] = Descriptor(Absent.ToUpperInvariant().Replace("SHA", "sha", StringComparison.Ordinal)));
        yield return Manifest("a digest that is a path", FaultCode.BadDigest, manifest => manifest["subject"] = Descriptor("sha256:../../../etc/passwd"));
        yield return Manifest("a digest of an algorithm that is not known", FaultCode.UnsupportedAlgorithm, manifest => manifest["subject"] = Descriptor(Sha384));
        yield return Manifest("a layer's size that is wrong", FaultCode.SizeMismatch, manifest => manifest["layers"]![1]!["size"] = 7);
        yield return Manifest("a layer's media type that says plain", FaultCode.MediaTypeMismatch, manifest => manifest["layers"]![0]!["mediaType"] = "application/vnd.oci.image.layer.v1.tar");
        yield return Manifest("a layer's media type that says zstd", FaultCode.MediaTypeMismatch, manifest => manifest["layers"]![0]!["mediaType"] = "application/vnd.oci.image.layer.v1.tar+zstd");
        yield return Manifest("a layer of a type that is not known", FaultCode.Unchecked, manifest => manifest["layers"]![1]!["mediaType"] = "application/vnd.example.layer");
        yield return Manifest("one layer less", FaultCode.LayerCountMismatch, manifest => manifest["layers"]!.AsArray().Add(manifest["layers"]![1]!.DeepClone()));
        yield return Manifest("an empty descriptor that is not empty", FaultCode.BadManifest, manifest => manifest["layers"]![1]!["mediaType"] = "application/vnd.oci.empty.v1+json", FaultCode.Unchecked);
        yield return Defect.InFolder("an artifact without a type", FaultCode.BadManifest, () => SampleLayout.Oci(null, (layout, index) =>
        {
            JsonObject empty = layout.AddBlob("application/vnd.oci.empty.v1+json", "{}");
            JsonObject artifact = new() { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["config"] = empty, ["layers"] = new JsonArray(empty.DeepClone()) };
            Entries(index).Add(layout.AddBlob("application/vnd.oci.image.manifest.v1+json", SampleLayout.Text(artifact)));
        }));
        yield return Image("a manifest of more than 4 MiB", FaultCode.Limit, image => image.RewriteManifest = text => text + new string(' ', 5 << 20), FaultCode.OrphanBlob);
    }

    private static IEnumerable<Defect> OfConfig()
    {
        yield return Image("no JSON", FaultCode.BadConfig, image => image.RewriteConfig = _ => "#!/bin/sh");
        yield return Image("more than 4 MiB", FaultCode.Limit, image => image.RewriteConfig = text => text + new string(' ', 5 << 20));
        yield return Config("no rootfs", FaultCode.BadConfig, config => { config.Remove("rootfs"); config.Remove("history"); }, FaultCode.LayerCountMismatch);
        yield return Config("another kind of rootfs", FaultCode.BadConfig, config => config["rootfs"]!["type"] = "lvm");
        yield return Config("a DiffId that is none", FaultCode.BadDigest, config => config["rootfs"]!["diff_ids"]![0] = "sha256:1");
        yield return Config("a DiffId of other content", FaultCode.DigestMismatch, config => config["rootfs"]!["diff_ids"]![0] = Absent);
        yield return Config("DiffIds in the wrong order", FaultCode.LayerOrder, config => config["rootfs"]!["diff_ids"] = new JsonArray([.. config["rootfs"]!["diff_ids"]!.AsArray().Reverse().Select(id => id!.DeepClone())]));
        yield return Config("a time that Go does not read", FaultCode.BadConfig, config => config["created"] = "31 January 2026");
        yield return Config("an environment that is a text", FaultCode.BadConfig, config => config["config"]!["Env"] = "PATH=/usr/bin");
        yield return Config("no operating system", FaultCode.IncompletePlatform, config => config.Remove("os"));
        yield return Config("a history of another number of layers", FaultCode.HistoryInconsistent, config => config["history"]![2]!["empty_layer"] = false);
        yield return Config("a history step that is a text", FaultCode.BadConfig, config => config["history"]![2]!["empty_layer"] = "yes", FaultCode.HistoryInconsistent);
    }

    private static Defect Layout(string name, FaultCode code, Action<SampleLayout> change) => Defect.InFolder(name, code, () =>
    {
        SampleLayout layout = SampleLayout.Oci();
        change(layout);
        return layout;
    });

    private static Defect Index(string name, FaultCode code, Func<string, string> change) => Layout("index: " + name, code, layout =>
    {
        string before = System.Text.Encoding.UTF8.GetString(layout.Files["index.json"]), after = change(before);
        Assert.NotEqual(before, after);
        layout.Add("index.json", after);
    });

    private static Defect InIndex(string name, FaultCode code, Action<SampleLayout, JsonObject> change) => Defect.InFolder("index: " + name, code, () => SampleLayout.Oci(null, change));

    private static Defect Entry(string name, FaultCode code, Action<JsonObject> change) => Image("index entry: " + name, code, image => image.ChangeEntry = change);

    private static Defect Manifest(string name, FaultCode code, Action<JsonObject> change, params FaultCode[] follows) =>
        Image("manifest: " + name, code, image => image.ChangeManifest = change, follows);

    private static Defect Config(string name, FaultCode code, Action<JsonObject> change, params FaultCode[] follows) =>
        Image("config: " + name, code, image => image.ChangeConfig = change, follows);

    private static Defect Image(string name, FaultCode code, Action<SampleImage> change, params FaultCode[] follows) =>
        Defect.InFolder(name, code, () => SampleLayout.Oci(change)).Then(follows);

    private static JsonArray Entries(JsonObject index) => index["manifests"]!.AsArray();

    private static JsonObject Descriptor(string digest, string? architecture = null)
    {
        JsonObject descriptor = new() { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = digest, ["size"] = 100 };
        if (architecture is not null)
            descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return descriptor;
    }

    private static JsonObject With(JsonObject descriptor, string member, JsonNode value)
    {
        descriptor[member] = value;
        return descriptor;
    }

    private static JsonObject Another(SampleLayout layout) => new SampleImage { ChangeConfig = config => config["author"] = "somebody else" }.AddTo(layout);

    /// <summary>Puts the entries of an index into another index, which takes their place.</summary>
    private static void Nest(SampleLayout layout, JsonObject index, Action<JsonObject> changeInner)
    {
        JsonNode entry = Entries(index)[0]!.DeepClone();
        entry.AsObject().Remove("annotations");
        JsonObject inner = SampleLayout.Index(entry);
        changeInner(inner);
        Entries(index)[0] = layout.AddBlob(SampleLayout.IndexType, SampleLayout.Text(inner));
    }

    private static JsonObject Subject(JsonObject index) => With(Descriptor(Entries(index)[0]!["digest"]!.GetValue<string>()), "size", Entries(index)[0]!["size"]!.DeepClone());

    private static JsonObject Referrer(SampleLayout layout, JsonObject subject)
    {
        JsonObject empty = layout.AddBlob("application/vnd.oci.empty.v1+json", "{}");
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["artifactType"] = "application/vnd.example.signature",
            ["config"] = empty,
            ["layers"] = new JsonArray(empty.DeepClone()),
            ["subject"] = subject,
        };
        return layout.AddBlob("application/vnd.oci.image.manifest.v1+json", SampleLayout.Text(manifest));
    }
}
