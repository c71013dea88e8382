using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Images in memory whose blobs can be damaged, cut or watched.</summary>
internal sealed class MemorySource : IImageSource
{
    private readonly Dictionary<Digest, byte[]> _contents = [];
    private readonly List<SourceImage> _images = [];
    private readonly List<(Digest Subject, FoundReferrer Referrer)> _referrers = [];
    private long _bytesRead;

    public string Place => "memory:";

    /// <summary>Bytes of blobs that were handed out.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>The sizes of all that it holds.</summary>
    public IEnumerable<int> Sizes => _contents.Values.Select(content => content.Length);

    /// <summary>Changes what is handed out of a blob.</summary>
    public Func<Descriptor, Stream, Stream> Wrap { get; set; } = (_, stream) => stream;

    public Descriptor Add(byte[] content, MediaType type)
    {
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, content);
        _contents[digest] = content;
        return new Descriptor(type, digest, content.Length);
    }

    /// <summary>Adds an image of one layer of random bytes for each size; the bytes are no tar, which copying does not mind.</summary>
    public Descriptor AddImage(string platform, string? name, params int[] layerSizes)
    {
        Descriptor[] layers = [.. layerSizes.Select(size => Add(Bytes(size), MediaType.OciLayer))];
        Platform parsed = Platform.Parse(platform);
        string diffIds = string.Join(',', layers.Select(layer => $"\"{layer.Digest}\""));
        Descriptor config = Add(System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"{{{parsed.Architecture}}}","os":"{{{parsed.Os}}}","rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}"""), MediaType.OciConfig);
        Descriptor manifest = Add(Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, Config = config, Layers = layers }).ToArray(), MediaType.OciManifest);
        if (name is not null)
            _images.Add(new SourceImage(manifest, ImageReference.Parse(name), null));
        return manifest with { Platform = parsed };
    }

    public Descriptor AddIndex(string name, params Descriptor[] manifests)
    {
        Descriptor index = Add(Document.Write(new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = manifests }).ToArray(), MediaType.OciIndex);
        _images.Add(new SourceImage(index, ImageReference.Parse(name), null));
        return index;
    }

    /// <summary>Adds an artifact with one blob of that size, whose subject is another manifest; null for none.</summary>
    public Descriptor AddArtifact(string type, Descriptor? subject, int size, string? name = null)
    {
        ImageManifest manifest = new(2) { MediaType = MediaType.OciManifest, ArtifactType = type, Config = Add("{}"u8.ToArray(), MediaType.Parse("application/vnd.oci.empty.v1+json")), Layers = [Add(Bytes(size), MediaType.Parse("application/octet-stream"))], Subject = subject is null ? null : new Descriptor(subject.MediaType, subject.Digest, subject.Size), Annotations = new Annotations { ["size"] = $"{size}" } };
        Descriptor artifact = Add(Document.Write(manifest).ToArray(), MediaType.OciManifest);
        if (name is not null)
            _images.Add(new SourceImage(artifact, ImageReference.Parse(name), null));
        return artifact;
    }

    /// <summary>Claims that a manifest refers to another one.</summary>
    public void Claim(Descriptor subject, Descriptor referrer, Tag? tag = null) => _referrers.Add((subject.Digest, new FoundReferrer(referrer, tag)));

    /// <summary>Tells of what refers to others in the other order, and in another way.</summary>
    public void Reorder(Func<FoundReferrer, FoundReferrer> change)
    {
        _referrers.Reverse();
        for (int i = 0; i < _referrers.Count; i++)
            _referrers[i] = (_referrers[i].Subject, change(_referrers[i].Referrer));
    }

    public static byte[] Bytes(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) => new(_images);

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) => new(_contents[manifest.Digest]);

    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) =>
        new([.. _referrers.Where(entry => entry.Subject == manifest.Digest).Select(entry => entry.Referrer)]);

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        Stream content = new WatchedStream(new MemoryStream(_contents[blob.Digest][(int)offset..]), count => Interlocked.Add(ref _bytesRead, count));
        return new(Wrap(blob, content));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
