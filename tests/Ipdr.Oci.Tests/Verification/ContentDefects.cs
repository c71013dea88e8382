using Ipdr.Oci.Faults;
using Ipdr.Oci.Tests.Tar;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What can be wrong with the files of a layout, whatever its documents say.</summary>
internal static class ContentDefects
{
    public static IEnumerable<Defect> All => [.. OfBlobs(), .. OfFiles(), .. OfCompression()];

    private static IEnumerable<Defect> OfBlobs()
    {
        yield return Layout("a corrupt layer", FaultCode.DigestMismatch, layout => layout.Damage(layout.LayerPath(0)));
        yield return Layout("a corrupt config", FaultCode.DigestMismatch, layout => layout.Damage(layout.ConfigPath));
        yield return Layout("a corrupt manifest", FaultCode.DigestMismatch, layout => layout.Damage(layout.ManifestPath)).Then(FaultCode.OrphanBlob);
        yield return Layout("a layer that is cut off", FaultCode.SizeMismatch, layout => layout.Files[layout.LayerPath(0)] = layout.Files[layout.LayerPath(0)][..^1]);
        yield return Layout("a config with a byte more", FaultCode.SizeMismatch, layout => layout.Files[layout.ConfigPath] = [.. layout.Files[layout.ConfigPath], (byte)'\n']);
        yield return Layout("an empty layer in place of one", FaultCode.SizeMismatch, layout => layout.Files[layout.LayerPath(1)] = []);
        yield return Layout("no layer", FaultCode.MissingBlob, layout => layout.Remove(layout.LayerPath(0)));
        yield return Layout("no config", FaultCode.MissingBlob, layout => layout.Remove(layout.ConfigPath));
        yield return Layout("an orphan", FaultCode.OrphanBlob, layout => layout.AddBlob("", "nobody's"));
        yield return Layout("a corrupt orphan", FaultCode.DigestMismatch, layout =>
        {
            layout.AddBlob("", "nobody's");
            layout.Damage(layout.Files.Keys.Single(path => layout.Files[path].Length == 8));
        });
        yield return Layout("Docker's old description", FaultCode.LeftoverV1, layout => layout.AddBlob("", $$"""{"id":"{{new string('a', 64)}}","os":"linux"}"""));
    }

    private static IEnumerable<Defect> OfFiles()
    {
        yield return Layout("a blob whose name is no digest", FaultCode.BadBlobName, layout => layout.Add("blobs/sha256/latest", "x"));
        yield return Layout("a blob whose name is in upper case", FaultCode.BadBlobName, layout => layout.Add("blobs/sha256/" + new string('A', 64), "x"));
        yield return Layout("a file among the algorithms", FaultCode.BadBlobName, layout => layout.Add("blobs/README", "x"));
        yield return Layout("a stray file", FaultCode.StrayFile, layout => layout.Add("notes/README", "x"));
        yield return Changed("a link in place of a layer", FaultCode.SymbolicLink, (root, layout) =>
        {
            File.Delete(Path.Combine(root, layout.LayerPath(0)));
            File.CreateSymbolicLink(Path.Combine(root, layout.LayerPath(0)), "/etc/passwd");
        });
        yield return Changed("a link in place of the blobs", FaultCode.SymbolicLink, (root, _) =>
        {
            Directory.Move(Path.Combine(root, "blobs"), root + ".elsewhere");
            File.CreateSymbolicLink(Path.Combine(root, "blobs"), root + ".elsewhere");
        }).Then(FaultCode.MissingBlob);
        yield return Changed("a folder in place of a layer", FaultCode.NotAFile, (root, layout) =>
        {
            File.Delete(Path.Combine(root, layout.LayerPath(0)));
            Directory.CreateDirectory(Path.Combine(root, layout.LayerPath(0)));
        });
        yield return Changed("a FIFO in place of a layer", FaultCode.NotAFile, (root, layout) => MakeFifo(Path.Combine(root, layout.LayerPath(0))));
        yield return Changed("a FIFO in place of the index", FaultCode.NotAFile, (root, _) => MakeFifo(Path.Combine(root, "index.json")));
        yield return new Defect("nothing at all", FaultCode.Io, folder => folder.File("nowhere"));
        yield return new Defect("an empty folder", FaultCode.MissingManifest, folder => folder.Path);
    }

    private static IEnumerable<Defect> OfCompression()
    {
        yield return Stored("a gzip layer that is cut off", FaultCode.Truncated, gzip => gzip[..^20]);
        yield return Stored("a gzip layer with a wrong checksum", FaultCode.BadCompression, gzip => [.. gzip[..^8], (byte)~gzip[^8], .. gzip[^7..]]);
        yield return Stored("data behind a gzip layer", FaultCode.TrailingData, gzip => [.. gzip, 1, 2, 3, 4]);
        yield return Defect.InFolder("a layer that is larger than allowed", FaultCode.Limit, () => SampleLayout.Oci(Zeros)) with { Options = new VerificationOptions { MaxLayerBytes = 1 << 20 } };
        yield return Defect.InFolder("a layer that expands more than allowed", FaultCode.Limit, () => SampleLayout.Oci(Zeros)) with { Options = new VerificationOptions { MaxExpansion = 100 } };
    }

    private static void Zeros(SampleImage image) => image.Layers.Add(SampleLayer.Of(tar => tar.Header("zeros", size: 70 << 20).Raw(new byte[70 << 20])));

    private static Defect Stored(string name, FaultCode code, Func<byte[], byte[]> change) => Defect.OfLayer(name, code, () =>
        new SampleLayer(new TarBuilder().File("x", new string('x', 5000)).End().ToArray()) { Store = plain => change(SampleLayer.Gzip(plain)) });

    private static Defect Layout(string name, FaultCode code, Action<SampleLayout> change) => Defect.InFolder(name, code, () =>
    {
        SampleLayout layout = SampleLayout.Oci();
        change(layout);
        return layout;
    });

    private static Defect Changed(string name, FaultCode code, Action<string, SampleLayout> change) => new(name, code, folder =>
    {
        SampleLayout layout = SampleLayout.Oci();
        string root = layout.WriteFolder(folder);
        change(root, layout);
        return root;
    });

    private static void MakeFifo(string path)
    {
        File.Delete(path);
        using System.Diagnostics.Process mkfifo = System.Diagnostics.Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }
}
