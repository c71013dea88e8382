namespace Ipdr.Oci.Verification.Files;

/// <summary>One name in a target.</summary>
/// <param name="path">The path from the target's root, with slashes.</param>
/// <param name="kind">What it is.</param>
/// <param name="size">Bytes of a file.</param>
internal sealed class TargetFile(string path, TargetFileKind kind, long size)
{
    public string Path => path;

    public TargetFileKind Kind => kind;

    public long Size => size;

    /// <summary>The first name of the same file, when it has several; its content is read under that name.</summary>
    public TargetFile Canonical { get => field ?? this; init; }

    public override string ToString() => path;
}
