using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>Reads an archive by its <c>manifest.json</c>, as <c>docker load</c> of Docker 1.10 to 28 does.</summary>
internal sealed class DockerView(ArchiveContents contents)
{
    private readonly List<ArchiveRoot> _roots = [];
    private readonly List<Fault> _faults = [];
    private readonly List<Fault> _warnings = [];
    private readonly Dictionary<string, (ArchivedConfig? Config, IReadOnlyList<Fault> Faults)> _configs = [];

    public static ArchiveView Read(ArchiveContents contents) => new DockerView(contents).Read();

    private ArchiveView Read()
    {
        try
        {
            IReadOnlyList<DockerManifestEntry> entries = ReadManifest();
            for (int i = 0; i < entries.Count; i++)
                ReadImage(entries[i], $"{WellKnown.DockerManifest}{Fault.PlaceSeparator}/{i}");
            if (entries.Count == 0)
                _faults.Add(new Fault(FaultCode.NoImages, "the archive names no image", WellKnown.DockerManifest, "Save an image: docker save NAME."));
        }
        catch (IpdrException e)
        {
            _faults.AddRange(e.Faults);
        }
        return new ArchiveView(_roots, _faults, _warnings);
    }

    private IReadOnlyList<DockerManifestEntry> ReadManifest()
    {
        ArchiveMember member = contents.Resolve(WellKnown.DockerManifest, FaultCode.MissingManifest, out Fault? fault) ?? throw new IpdrException(fault!);
        if (MemberDocument.Contradiction(member) is { } contradiction)
            throw new IpdrException(contradiction);
        IReadOnlyList<DockerManifestEntry> entries = Document.Read(member.Document ?? default, ArchiveJson.Default.IReadOnlyListDockerManifestEntry, FaultCode.BadManifest, WellKnown.DockerManifest);
        Document.RequireElements(entries, FaultCode.BadManifest, WellKnown.DockerManifest, "");
        for (int i = 0; i < entries.Count; i++)
            Document.RequireElements(entries[i].Layers, FaultCode.BadManifest, WellKnown.DockerManifest, $"/{i}/Layers");
        return entries;
    }

    private void ReadImage(DockerManifestEntry entry, string where)
    {
        if (!_configs.TryGetValue(entry.Config, out (ArchivedConfig? Config, IReadOnlyList<Fault> Faults) found))
            _configs[entry.Config] = found = ReadConfig(entry.Config);
        List<ContentReference> layers = [];
        foreach (string path in entry.Layers ?? [])
        {
            ArchiveMember? layer = contents.Resolve(path, FaultCode.MissingLayer, out Fault? fault);
            layers.Add(new ContentReference(path, layer, null) { Missing = fault });
        }
        ImageNode image = new() { Where = where, ConfigDocument = found.Config, Layers = layers };
        image.Faults.AddRange(found.Faults);
        foreach (ImageReference? name in ReadNames(entry, where))
            _roots.Add(new ArchiveRoot(image, name, null));
    }

    private (ArchivedConfig? Config, IReadOnlyList<Fault> Faults) ReadConfig(string path)
    {
        ArchiveMember? member = contents.Resolve(path, FaultCode.MissingConfig, out Fault? fault);
        fault ??= MemberDocument.Contradiction(member!);
        if (fault is not null)
            return (null, [fault]);
        try
        {
            ReadOnlyMemory<byte> bytes = MemberDocument.Require(member!, FaultCode.BadConfig);
            ArchivedConfig config = new(bytes, Document.ReadConfig(bytes, path));
            WarnOfNames(path, bytes);
            return (config, []);
        }
        catch (IpdrException e)
        {
            return (null, e.Faults);
        }
    }

    // Names are pointers: a config may be called anything. Under a digest's own name it should have that digest.
    private void WarnOfNames(string path, ReadOnlyMemory<byte> config)
    {
        if (!DigestName.TryRead(path, out Digests.Digest promised))
            return;
        Digests.Digest actual = Digests.Digest.OfContent(promised.Algorithm, config.Span);
        if (actual != promised)
            _warnings.Add(new Fault(FaultCode.NameMismatch, "the config's name is not its digest; the image ID is the digest", path) { Expected = promised.ToString(), Actual = actual.ToString() });
    }

    private IEnumerable<ImageReference?> ReadNames(DockerManifestEntry entry, string where)
    {
        bool any = false;
        foreach (string text in entry.RepoTags ?? [])
        {
            if (ImageReference.TryParse(text, null, out ImageReference? name))
            {
                any = true;
                yield return name;
            }
            else
            {
                _warnings.Add(new Fault(FaultCode.BadReference, $"\"{text}\" is no image reference; the name is left out", where + "/RepoTags", "Give a name with --tag."));
            }
        }
        if (!any)
            yield return null;
    }
}
