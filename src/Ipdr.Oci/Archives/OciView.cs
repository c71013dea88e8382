using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>Reads an archive by its <c>index.json</c> (image-spec, image-layout.md): OCI archives, hybrids and saves of the containerd store.</summary>
internal sealed class OciView(ArchiveContents contents, ArchiveLimits limits)
{
    private readonly List<Fault> _faults = [];
    private readonly List<Fault> _warnings = [];
    private readonly Dictionary<(MediaType, Digest, long, bool), ArchiveNode?> _nodes = [];
    private readonly Dictionary<(Digest, long), ArchivedConfig> _configs = [];
    private int _manifests;

    public static ArchiveView Read(ArchiveContents contents, ArchiveLimits limits) => new OciView(contents, limits).Read();

    private ArchiveView Read()
    {
        List<ArchiveRoot> roots = [];
        try
        {
            RequireMarker();
            ArchiveMember member = contents.Resolve(WellKnown.Index, FaultCode.MissingIndex, out Fault? fault) ?? throw new IpdrException(fault!);
            if (MemberDocument.Contradiction(member) is { } contradiction)
                throw new IpdrException(contradiction);
            ImageIndex index = Document.ReadIndex(MemberDocument.Require(member, FaultCode.BadManifest), WellKnown.Index);
            foreach (Descriptor descriptor in index.Manifests)
            {
                if (ReadNode(descriptor, WellKnown.Index, 0) is { } node)
                    roots.Add(Name(node, descriptor));
                else
                    _faults.Add(MissingBlob(descriptor, WellKnown.Index));
            }
            if (index.Manifests.Count == 0)
                _faults.Add(new Fault(FaultCode.NoImages, "the archive names no image", WellKnown.Index, "Save an image."));
        }
        catch (IpdrException e)
        {
            _faults.AddRange(e.Faults);
        }
        return new ArchiveView(roots, _faults, _warnings);
    }

    private void RequireMarker()
    {
        ArchiveMember? member = contents.Resolve(WellKnown.LayoutMarker, FaultCode.MissingManifest, out _);
        if (member is null)
        {
            _warnings.Add(new Fault(FaultCode.MissingMarker, "the file that tells the layout's version is missing", WellKnown.LayoutMarker));
            return;
        }
        LayoutMarker.Require(MemberDocument.Require(member, FaultCode.BadManifest), WellKnown.LayoutMarker);
    }

    // The annotation ref.name is a tag (skopeo, Docker), a full reference (podman, jib) or anything (umoci).
    private static ArchiveRoot Name(ArchiveNode node, Descriptor descriptor)
    {
        string? label = descriptor.Annotations?.GetValueOrDefault(Annotations.RefName);
        string? full = descriptor.Annotations?.GetValueOrDefault(Annotations.ContainerdImageName) ?? (label?.Contains('/', StringComparison.Ordinal) == true ? label : null);
        ImageReference.TryParse(full, null, out ImageReference? name);
        if (label is not null && label == name?.Tag)
            label = null; // follows from the name
        return new ArchiveRoot(node, name, label) { Annotations = descriptor.Annotations, Platform = descriptor.Platform };
    }

    private ArchiveNode? ReadNode(Descriptor descriptor, string from, int depth)
    {
        (MediaType, Digest, long, bool) key = (descriptor.MediaType, descriptor.Digest, descriptor.Size, IsAttestation(descriptor));
        if (_nodes.TryGetValue(key, out ArchiveNode? known))
            return known;
        if (++_manifests > limits.MaxManifests || depth > limits.MaxIndexDepth)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the index reaches more than {limits.MaxManifests} manifests or is nested more than {limits.MaxIndexDepth} deep", from, "No tool writes such an index; do not use this archive."));
        return _nodes[key] = ReadNewNode(descriptor, from, depth);
    }

    private ArchiveNode? ReadNewNode(Descriptor descriptor, string from, int depth)
    {
        ContentReference content = Find(descriptor, from);
        if (content.Member is null)
            return null;
        MediaType type = descriptor.MediaType;
        string where = content.Member.Path.ToString();
        if (type.IsSchema1)
            return Faulty(descriptor, content, new Fault(FaultCode.UnsupportedMediaType, "a schema 1 manifest cannot be converted", where, "Pull the image with a current engine and save it again."));
        if (!type.IsIndex && !type.IsManifest)
            return new OpaqueNode { Descriptor = descriptor, Where = where, Content = content };
        try
        {
            ReadOnlyMemory<byte> bytes = ReadDocument(content.Member, descriptor, FaultCode.BadManifest);
            return type.IsIndex ? ReadIndex(descriptor, bytes, where, depth) : ReadManifest(descriptor, bytes, where);
        }
        catch (IpdrException e)
        {
            return Faulty(descriptor, content, [.. e.Faults]);
        }
    }

    private static OpaqueNode Faulty(Descriptor descriptor, ContentReference content, params ReadOnlySpan<Fault> faults)
    {
        OpaqueNode node = new() { Descriptor = descriptor, Where = content.Where, Content = content };
        node.Faults.AddRange(faults);
        return node;
    }

    private IndexNode ReadIndex(Descriptor descriptor, ReadOnlyMemory<byte> bytes, string where, int depth)
    {
        ImageIndex index = Document.ReadIndex(bytes, where);
        return new IndexNode
        {
            Descriptor = descriptor,
            Where = where,
            Index = index,
            IndexBytes = bytes,
            Children = [.. index.Manifests.Select(child => (child, ReadNode(child, where, depth + 1)))],
        };
    }

    private ArchiveNode ReadManifest(Descriptor descriptor, ReadOnlyMemory<byte> bytes, string where)
    {
        ImageManifest manifest = Document.ReadManifest(bytes, where);
        ContentReference[] layers = [.. (manifest.Layers ?? []).Select(layer => Find(layer, where))];
        ContentReference config = Find(manifest.Config, where);
        if (!IsImage(manifest, descriptor))
            return new ArtifactNode { Descriptor = descriptor, Where = where, Manifest = manifest, ManifestBytes = bytes, Blobs = [config, .. layers] };

        List<Fault> faults = [];
        ArchivedConfig? document = null;
        try
        {
            document = ReadConfig(config, manifest.Config);
        }
        catch (IpdrException e)
        {
            faults.AddRange(e.Faults);
        }
        ImageNode image = new() { Descriptor = descriptor, Where = where, Manifest = manifest, ManifestBytes = bytes, ConfigDocument = document, Layers = layers };
        image.Faults.AddRange(faults);
        return image;
    }

    private ArchivedConfig ReadConfig(ContentReference config, Descriptor descriptor)
    {
        if (_configs.TryGetValue((descriptor.Digest, descriptor.Size), out ArchivedConfig? known))
            return known;
        if (config.Member is null)
            throw new IpdrException(config.Missing!);
        ReadOnlyMemory<byte> bytes = ReadDocument(config.Member, descriptor, FaultCode.BadConfig);
        return _configs[(descriptor.Digest, descriptor.Size)] = new ArchivedConfig(bytes, Document.ReadConfig(bytes, config.Where));
    }

    // BuildKit's attestations look like images: config type and all. Their annotation, or layers of which none is a layer, tells.
    private static bool IsImage(ImageManifest manifest, Descriptor descriptor) =>
        manifest.Config.MediaType.IsImageConfig
        && !IsAttestation(descriptor)
        && (manifest.Layers is not { Count: > 0 } layers || layers.Any(layer => layer.MediaType.IsLayer));

    private static bool IsAttestation(Descriptor descriptor) =>
        descriptor.Annotations?.GetValueOrDefault(Annotations.DockerReferenceType) == Annotations.AttestationManifest;

    private static ReadOnlyMemory<byte> ReadDocument(ArchiveMember member, Descriptor descriptor, FaultCode code)
    {
        if (MemberDocument.Contradiction(member) is { } contradiction)
            throw new IpdrException(contradiction);
        string where = member.Path.ToString();
        if (member.Size != descriptor.Size)
            throw new IpdrException(ContentFaults.Size(where, descriptor.Size, member.Size));
        ReadOnlyMemory<byte> bytes = MemberDocument.Require(member, code);
        Digest actual = Digest.OfContent(descriptor.Digest.Algorithm, bytes.Span);
        return actual == descriptor.Digest ? bytes : throw new IpdrException(ContentFaults.Digest(where, descriptor.Digest, actual));
    }

    private ContentReference Find(Descriptor descriptor, string from)
    {
        string path = $"{WellKnown.Blobs}/{descriptor.Digest.Algorithm.Name}/{descriptor.Digest.Encoded}";
        ArchiveMember? member = contents.Resolve(path, FaultCode.MissingBlob, out Fault? fault);
        return new ContentReference(path, member, descriptor)
        {
            Missing = fault is { Code: FaultCode.MissingBlob } ? MissingBlob(descriptor, from) : fault,
        };
    }

    private static Fault MissingBlob(Descriptor descriptor, string from) =>
        new(FaultCode.MissingBlob, $"it needs {descriptor.Digest} ({descriptor.MediaType}, {descriptor.Size} bytes), which is not in the archive", from, "Save the image again, with every platform you need present in the engine.");
}
