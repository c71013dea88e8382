using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>What a registry has to know of a manifest or index: its type and what it refers to.</summary>
internal sealed record ManifestSummary(MediaType MediaType)
{
    /// <summary>The manifest that this one speaks of; it may be absent.</summary>
    public Descriptor? Subject { get; private init; }

    /// <summary>What a referrers answer says: the document's own, else the config's type (distribution-spec, "Listing Referrers").</summary>
    public string? ArtifactType { get; private init; }

    /// <summary>The document's annotations.</summary>
    public Annotations? Annotations { get; private init; }

    /// <summary>The config of an image or artifact; null for an index.</summary>
    public Descriptor? Config { get; private init; }

    /// <summary>The layers of an image or artifact.</summary>
    public IReadOnlyList<Descriptor> Layers { get; private init; } = [];

    /// <summary>The entries of an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; private init; } = [];

    /// <summary>The blobs without which the manifest is of no use: foreign layers live elsewhere.</summary>
    public IEnumerable<Descriptor> NeededBlobs =>
        (Config is null ? [] : new[] { Config }).Concat(Layers.Where(layer => !layer.MediaType.IsForeignLayer));

    /// <summary>Everything that is referred to, each digest once.</summary>
    public IEnumerable<Digest> References => NeededBlobs.Concat(Layers).Concat(Manifests).Concat(Subject is null ? [] : [Subject])
        .Select(descriptor => descriptor.Digest).Distinct();

    /// <summary>Reads a document.</summary>
    /// <param name="content">The document.</param>
    /// <param name="declared">What it is said to be; null when nothing was said.</param>
    /// <param name="where">Its place, for messages.</param>
    /// <exception cref="IpdrException">It is no manifest or index, or something else than was said.</exception>
    public static ManifestSummary Read(ReadOnlyMemory<byte> content, MediaType? declared, string where)
    {
        ManifestProbe probe = Document.Read(content, RegistryJson.Default.ManifestProbe, FaultCode.BadManifest, where);
        if (probe.MediaType is { } own && declared is { } said && own != said)
        {
            throw new IpdrException(new Fault(
                FaultCode.BadManifest, "the document is of another type than it is sent as", where, "Send it with the type that it names itself.")
            {
                Expected = said.ToString(),
                Actual = own.ToString(),
            });
        }
        MediaType type = probe.MediaType ?? declared ?? (probe.Manifests.ValueKind == JsonValueKind.Undefined ? MediaType.OciManifest : MediaType.OciIndex);
        return type switch
        {
            { IsIndex: true } => OfIndex(Document.ReadIndex(content, where), type),
            { IsManifest: true } => OfManifest(Document.ReadManifest(content, where), type),
            _ => throw new IpdrException(new Fault(
                FaultCode.UnsupportedMediaType, $"{type} is no type of manifest that is known here", where, "Push OCI or Docker schema 2 manifests and indexes.")),
        };
    }

    /// <summary>The entry for this manifest in a referrers answer.</summary>
    public Descriptor ToReferrer(Digest digest, long size) => new(MediaType, digest, size) { ArtifactType = ArtifactType, Annotations = Annotations };

    private static ManifestSummary OfIndex(ImageIndex index, MediaType type) => new(type)
    {
        Subject = index.Subject,
        ArtifactType = NullIfEmpty(index.ArtifactType),
        Annotations = index.Annotations,
        Manifests = index.Manifests,
    };

    private static ManifestSummary OfManifest(ImageManifest manifest, MediaType type) => new(type)
    {
        Subject = manifest.Subject,
        ArtifactType = NullIfEmpty(manifest.ArtifactType) ?? manifest.Config.MediaType.ToString(),
        Annotations = manifest.Annotations,
        Config = manifest.Config,
        Layers = manifest.Layers ?? [],
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
