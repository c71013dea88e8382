using Ipdr.Cli.Inputs;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>A place as it is named on the command line: <c>oci:DIR</c>, or a bare path that is recognised by its content.</summary>
/// <param name="Path">The folder or file; <c>-</c> for standard input.</param>
/// <param name="Form">What it must be.</param>
internal sealed record NamedPlace(string Path, TargetForm Form)
{
    private static readonly (string Prefix, TargetForm Form)[] Prefixes =
    [
        ("oci:", TargetForm.Oci),
        ("oci-archive:", TargetForm.OciArchive),
        ("docker-archive:", TargetForm.DockerArchive),
        ("registry-v2:", TargetForm.RegistryV2),
        ("car:", TargetForm.Car),
        ("dir:", TargetForm.SkopeoFolder),
    ];

    public bool IsStandardInput => Path == ArchiveSource.StandardInput;

    /// <summary>The places that are meant, each once; globs are expanded.</summary>
    /// <exception cref="Ipdr.Oci.Faults.IpdrException">A glob matches nothing.</exception>
    /// <exception cref="UsageException">A prefix has no place behind it.</exception>
    public static IReadOnlyList<NamedPlace> Expand(IEnumerable<string> arguments, string currentFolder) =>
        [.. arguments.Select(Parse).SelectMany(place => InputGlob.Expand([place.Path], currentFolder, foldersToo: true).Select(path => place with { Path = path })).Distinct()];

    private static NamedPlace Parse(string argument)
    {
        foreach ((string prefix, TargetForm form) in Prefixes)
        {
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
                return argument.Length > prefix.Length ? new NamedPlace(argument[prefix.Length..], form) : throw new UsageException($"{prefix} needs a place behind it");
        }
        return argument.Length > 0 ? new NamedPlace(argument, TargetForm.Any) : throw new UsageException("a place is empty");
    }
}
