using System.Text.Json.Nodes;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tests.Tar;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with archives, and with several descriptions of one image.</summary>
internal static class ArchiveDefects
{
    public static IEnumerable<Defect> All => [.. OfContainers(), .. OfDocker(), .. OfViews(), .. OfRegistries()];

    private static IEnumerable<Defect> OfContainers()
    {
        yield return Written("an empty file", FaultCode.NotAnArchive, _ => []);
        yield return Written("a picture", FaultCode.NotAnArchive, _ => [0x89, .. "PNG"u8, .. new byte[2000]]);
        yield return Written("an archive that is cut off", FaultCode.Truncated, bytes => bytes[..1000]);
        yield return Written("an archive without end blocks", FaultCode.MissingEndBlocks, bytes => bytes[..^1024]);
        yield return Written("data behind an archive", FaultCode.TrailingData, bytes => [.. bytes, .. "tail"u8]);
        yield return Written("a gzip archive that is cut off", FaultCode.Truncated, bytes => SampleLayer.Gzip(bytes)[..^10]);
        yield return Archive("the tar of a file system", FaultCode.MissingManifest, () => new SampleLayout().Add("etc/passwd", "root:x:0:0::/:/bin/sh\n"));
        yield return Archive("an archive of Docker before 1.10", FaultCode.UnsupportedV1, () => new SampleLayout().Add(new string('a', 64) + "/json", "{}").Add("repositories", "{}"));
        yield return Archive("a layout without its index", FaultCode.MissingIndex, () => SampleLayout.Oci().Remove("index.json"));
        yield return new Defect("an OCI layout that is said to be a docker-archive", FaultCode.MissingManifest, folder => SampleLayout.Oci().WriteArchive(folder)) { Form = TargetForm.DockerArchive };
        yield return new Defect("a layer twice with different content", FaultCode.AmbiguousDuplicate, folder =>
        {
            SampleLayout layout = SampleLayout.Oci();
            return layout.WriteArchive(folder, after: tar => tar.Header(layout.LayerPath(0), size: 3).Body("xyz"u8.ToArray()));
        });
        yield return new Defect("two indexes", FaultCode.AmbiguousDuplicate, folder => SampleLayout.Oci().WriteArchive(folder, after: tar => tar.File("index.json", "{}")));
        yield return new Defect("a member that leaves the archive", FaultCode.PathTraversal, folder => SampleLayout.Oci().WriteArchive(folder, tar => tar.File("../../etc/cron.d/x", "x")));
        yield return new Defect("a member behind a link", FaultCode.PathTraversal, folder => SampleLayout.Oci().WriteArchive(folder, tar => tar.Header("x", '2', link: "/etc").File("x/passwd", "")));
        yield return Linked("a layer that is a link to nothing", FaultCode.BadLink, (path, tar) => tar.Header(path, '2', link: "nothing"));
        yield return Linked("a layer that is a link out of the archive", FaultCode.BadLink, (path, tar) => tar.Header(path, '2', link: "/etc/passwd"));
        yield return Linked("a layer that is a link to itself", FaultCode.LinkLoop, (path, tar) => tar.Header(path, '2', link: path.Split('/')[^1]));
        yield return Linked("a layer that is a FIFO", FaultCode.NotAFile, (path, tar) => tar.Header(path, '6'));
    }

    private static IEnumerable<Defect> OfDocker()
    {
        yield return Archive("manifest.json that is an object", FaultCode.BadManifest, () => SampleLayout.Docker().Add("manifest.json", "{}"));
        yield return Archive("manifest.json of no images", FaultCode.NoImages, () => SampleLayout.Docker().Add("manifest.json", "[]"));
        yield return Docker("an image without a config", FaultCode.BadManifest, entry => entry.Remove("Config"));
        yield return Docker("a config that is not there", FaultCode.MissingConfig, entry => entry["Config"] = "nowhere.json");
        yield return Docker("a config outside of the archive", FaultCode.PathTraversal, entry => entry["Config"] = "../../etc/passwd");
        yield return Docker("a layer that is not there", FaultCode.MissingLayer, entry => entry["Layers"]![1] = "nowhere.tar");
        yield return Docker("a layer too many", FaultCode.LayerCountMismatch, entry => entry["Layers"]!.AsArray().Add("layer1/layer.tar"));
        yield return Docker("layers in the wrong order", FaultCode.LayerOrder, entry => entry["Layers"] = new JsonArray("layer1/layer.tar", "layer0/layer.tar"));
        yield return Docker("a name that is none", FaultCode.BadReference, entry => entry["RepoTags"] = new JsonArray("Sample:1.0"));
        yield return Archive("a corrupt layer", FaultCode.DigestMismatch, () => SampleLayout.Docker().Damage("layer0/layer.tar"));
        yield return Archive("an image twice", FaultCode.DuplicateEntry, () =>
        {
            SampleLayout archive = SampleLayout.Docker();
            JsonArray manifest = JsonNode.Parse(archive.Files["manifest.json"])!.AsArray();
            manifest.Add(manifest[0]!.DeepClone());
            return archive.Add("manifest.json", SampleLayout.Text(manifest));
        });
        yield return Archive("a config under another digest", FaultCode.NameMismatch, () => SampleLayout.Docker(
            changeEntry: entry => entry["Config"] = new string('a', 64) + ".json").Rename(path => path.EndsWith(".json", StringComparison.Ordinal) && path.Length == 69 ? new string('a', 64) + ".json" : path));
    }

    private static IEnumerable<Defect> OfViews()
    {
        yield return Archive("an image that index.json does not know", FaultCode.ViewsDisagree, () =>
        {
            SampleLayout layout = SampleLayout.Hybrid();
            JsonNode other = new SampleImage { ChangeConfig = config => config["author"] = "somebody else" }.AddTo(layout);
            layout.Remove(SampleLayout.PathOf(other));
            JsonNode manifest = JsonNode.Parse(layout.Files["manifest.json"])!;
            manifest[0]!["Config"] = layout.Files.Keys.Single(path => path != layout.ConfigPath && System.Text.Encoding.UTF8.GetString(layout.Files[path]).Contains("somebody else", StringComparison.Ordinal));
            return layout.Add("manifest.json", SampleLayout.Text(manifest));
        });
        yield return Archive("other layers in manifest.json", FaultCode.ViewsDisagree, () =>
        {
            SampleLayout layout = SampleLayout.Hybrid();
            JsonNode manifest = JsonNode.Parse(layout.Files["manifest.json"])!;
            manifest[0]!["Layers"]!.AsArray().RemoveAt(1);
            return layout.Add("manifest.json", SampleLayout.Text(manifest));
        }).Then(FaultCode.LayerCountMismatch);
    }

    private static IEnumerable<Defect> OfRegistries()
    {
        yield return Registry("a corrupt layer", FaultCode.DigestMismatch, layout => layout.Damage(layout.Files.Keys.First(path => path.Contains("/blobs/", StringComparison.Ordinal))));
        yield return Registry("no layer", FaultCode.MissingBlob, layout => layout.Remove(layout.Files.Keys.First(path => path.Contains("/blobs/", StringComparison.Ordinal))));
        yield return Registry("an orphan", FaultCode.OrphanBlob, layout => layout.Files["sample/blobs/" + SampleLayout.DigestOf("x"u8.ToArray())] = "x"u8.ToArray());
        yield return Registry("a blob whose name is no digest", FaultCode.BadBlobName, layout => layout.Add("sample/blobs/x", "x"));
        yield return Registry("a tag that is none", FaultCode.BadReference, layout => layout.Files["sample/manifests/-x-"] = layout.Files["sample/manifests/1.0"]);
        yield return Registry("a manifest without its digest", FaultCode.MissingDigestName, layout => layout.Remove(layout.Files.Keys.Single(path => path.Contains("manifests/sha256:", StringComparison.Ordinal))));
        yield return Registry("a manifest that is none", FaultCode.BadManifest, layout => layout.Add("sample/manifests/broken", "[]")).Then(FaultCode.MissingDigestName);
        yield return Registry("a repository without manifests", FaultCode.NoImages, layout =>
        {
            layout.Files.Clear();
            layout.Add("sample/blobs/" + SampleLayout.DigestOf("x"u8.ToArray()), "x").Add("sample/manifests/.keep/x", "");
        }).Then(FaultCode.OrphanBlob, FaultCode.StrayFile);
        yield return Universal("a tag of another manifest", FaultCode.ViewsDisagree, layout =>
        {
            SampleLayout other = SampleLayout.Oci(image => image.ChangeConfig = config => config["author"] = "somebody else");
            SampleLayout registry = SampleLayout.Registry("", other);
            foreach ((string path, byte[] bytes) in registry.Files.Where(file => file.Key.StartsWith("manifests/", StringComparison.Ordinal) || file.Key.StartsWith("blobs/sha256:", StringComparison.Ordinal)))
                layout.Files[path] = bytes;
        });
        yield return Universal("a tag less", FaultCode.ViewsDisagree, layout => layout.Remove("manifests/1.0"));
    }

    private static Defect Archive(string name, FaultCode code, Func<SampleLayout> make) => Defect.InArchive("archive: " + name, code, make);

    private static Defect Docker(string name, FaultCode code, Action<JsonObject> change) => Defect.InArchive("docker-archive: " + name, code, () => SampleLayout.Docker(changeEntry: change));

    private static Defect Registry(string name, FaultCode code, Action<SampleLayout> change) => Of("registry: " + name, code, () => SampleLayout.Registry(), change);

    private static Defect Universal(string name, FaultCode code, Action<SampleLayout> change) => Of("universal: " + name, code, () => SampleLayout.Registry("", SampleLayout.Oci()), change);

    private static Defect Of(string name, FaultCode code, Func<SampleLayout> make, Action<SampleLayout> change) => Defect.InFolder(name, code, () =>
    {
        SampleLayout layout = make();
        change(layout);
        return layout;
    });

    private static Defect Written(string name, FaultCode code, Func<byte[], byte[]> change) => new(name, code, folder =>
    {
        string path = SampleLayout.Docker().WriteArchive(folder);
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
        return path;
    });

    private static Defect Linked(string name, FaultCode code, Action<string, TarBuilder> add) => new(name, code, folder =>
    {
        SampleLayout layout = SampleLayout.Oci();
        string path = layout.LayerPath(0);
        return layout.Remove(path).WriteArchive(folder, tar => add(path, tar));
    });
}
