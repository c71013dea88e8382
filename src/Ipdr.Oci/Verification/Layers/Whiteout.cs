namespace Ipdr.Oci.Verification.Layers;

/// <summary>What a layer hides of those below it (image-spec, layer.md, "Whiteouts").</summary>
/// <param name="Path">The hidden file or folder, or the folder whose whole former content is hidden.</param>
/// <param name="IsOpaque">The folder stays and only its former content is hidden.</param>
/// <param name="Name">The member's name, as written.</param>
internal sealed record Whiteout(string Path, bool IsOpaque, string Name)
{
    public const string Prefix = ".wh.";

    /// <summary>The last part of an opaque whiteout's name.</summary>
    public const string Opaque = ".wh..wh..opq";
}
