namespace Ipdr.Oci.Images;

/// <summary>Free key-value pairs (image-spec, annotations.md), always written in ordinal order of their keys.</summary>
public sealed class Annotations : SortedDictionary<string, string>
{
    /// <summary>The tag or label of an entry of <c>index.json</c>.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>The full reference of an entry of <c>index.json</c>, as containerd and Docker write it.</summary>
    public const string ContainerdImageName = "io.containerd.image.name";

    /// <summary>Which manifest an attestation speaks of (BuildKit).</summary>
    public const string DockerReferenceDigest = "vnd.docker.reference.digest";

    /// <summary>What kind of manifest an index entry is (BuildKit).</summary>
    public const string DockerReferenceType = "vnd.docker.reference.type";

    /// <summary>The value of <see cref="DockerReferenceType"/> for attestations.</summary>
    public const string AttestationManifest = "attestation-manifest";

    /// <summary>Which manifest a referrer in <c>index.json</c> speaks of (containerd).</summary>
    public const string ContainerdManifestSubject = "io.containerd.manifest.subject";

    /// <summary>How ipdr compressed a layer: recipe, level and block size, as <c>ipdr-deflate/1 level=6 block=1048576</c>.</summary>
    public const string LayerRecipe = "io.ipdr.layer.recipe";

    /// <summary>No annotations.</summary>
    public Annotations()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>A copy of some annotations.</summary>
    public Annotations(IEnumerable<KeyValuePair<string, string>> pairs)
        : this()
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach ((string key, string value) in pairs)
            this[key] = value;
    }
}
