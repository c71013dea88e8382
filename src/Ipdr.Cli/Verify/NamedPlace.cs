using Ipdr.Cli.Inputs;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>A place as it is named on the command line: <c>oci:DIR</c>, or a bare path that is recognised by its content.</summary>
/// <param name="Path">The folder or file; <c>-</c> for standard input. In the store the name of the image; empty for all of it.</param>
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
        ("store:", TargetForm.Store),
    ];

    public bool IsStandardInput => Path == ArchiveSource.StandardInput && IsFile;

    /// <summary>Whether it is a folder or file, and not a name somewhere else.</summary>
    public bool IsFile => Form != TargetForm.Store;

    /// <summary>The image of the store that is meant; null for all of the store.</summary>
    public RepositoryReference? Image => Form == TargetForm.Store && Path.Length > 0 ? RepositoryReference.Parse(Path) : null;

    /// <summary>The places that are meant, each once; globs are expanded.</summary>
    /// <exception cref="Ipdr.Oci.Faults.IpdrException">A glob matches nothing.</exception>
    /// <exception cref="UsageException">A prefix has no place behind it.</exception>
    public static IReadOnlyList<NamedPlace> Expand(IEnumerable<string> arguments, string currentFolder) =>
        [.. arguments.Select(Parse).SelectMany(place => Expand(place, currentFolder)).Distinct()];

    private static IEnumerable<NamedPlace> Expand(NamedPlace place, string currentFolder) =>
        place.IsFile ? InputGlob.Expand([place.Path], currentFolder, foldersToo: true).Select(path => place with { Path = path }) : [place];

    private static NamedPlace Parse(string argument)
    {
        foreach ((string prefix, TargetForm form) in Prefixes)
        {
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
                return Named(prefix, argument[prefix.Length..], form);
        }
        return argument.Length > 0 ? new NamedPlace(argument, TargetForm.Any) : throw new UsageException("a place is empty");
    }

    private static NamedPlace Named(string prefix, string rest, TargetForm form) => form switch
    {
        TargetForm.Store when rest.Length == 0 || RepositoryReference.TryParse(rest, null, out _) => new NamedPlace(rest, form),
        TargetForm.Store => throw new UsageException($"\"{rest}\" is no name in a store: it is written repository[:tag] or repository@digest, lower case but for the tag"),
        _ => rest.Length > 0 ? new NamedPlace(rest, form) : throw new UsageException($"{prefix} needs a place behind it"),
    };
}
