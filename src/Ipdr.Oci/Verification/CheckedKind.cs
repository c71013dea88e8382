namespace Ipdr.Oci.Verification;

/// <summary>What a part of a target is.</summary>
public enum CheckedKind
{
    /// <summary>The target itself.</summary>
    Target,

    /// <summary>One way to read the target: <c>index.json</c>, <c>manifest.json</c>, a repository of a registry layout.</summary>
    View,

    /// <summary>An image index.</summary>
    Index,

    /// <summary>The manifest of an image, or an image of <c>manifest.json</c>.</summary>
    Image,

    /// <summary>The manifest of anything else.</summary>
    Artifact,

    /// <summary>An image config.</summary>
    Config,

    /// <summary>A file-system layer.</summary>
    Layer,

    /// <summary>Any other content.</summary>
    Blob,
}
