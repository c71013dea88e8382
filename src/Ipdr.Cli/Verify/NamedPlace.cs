using Ipdr.Cli.Inputs;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>A place as it is named on the command line: <c>oci:DIR</c>, a bare path that is recognised by its content, one image of it, or a name somewhere else than in the file system.</summary>
/// <param name="Path">The folder or file; <c>-</c> for standard input. Of one image, and of a name elsewhere, all that was written.</param>
/// <param name="Form">What it must be.</param>
internal sealed record NamedPlace(string Path, TargetForm Form)
{
    private static readonly (string Prefix, TargetForm Form)[] Files =
    [
        ("oci:", TargetForm.Oci),
        ("oci-archive:", TargetForm.OciArchive),
        ("docker-archive:", TargetForm.DockerArchive),
        ("registry-v2:", TargetForm.RegistryV2),
        ("universal:", TargetForm.Oci),
        ("car:", TargetForm.Car),
        ("dir:", TargetForm.SkopeoFolder),
    ];

    // An engine sends an archive, which may be of either form.
    private static readonly (string Prefix, TargetForm Form)[] Names =
    [
        ("store:", TargetForm.Store),
        ("docker://", TargetForm.Source),
        ("ipfs://", TargetForm.Source),
        ("docker-daemon:", TargetForm.Any),
    ];

    public bool IsStandardInput => Path == ArchiveSource.StandardInput && Elsewhere is null;

    /// <summary>What it is where it is not all of a folder or file.</summary>
    public ImagePlace? Elsewhere { get; private init; }

    /// <summary>All of a folder or file, as a place to copy from. An archive is taken for one of a layout: no other has manifests, and signatures of them.</summary>
    public ImagePlace Whole => Form switch
    {
        TargetForm.Oci => new ImagePlace(PlaceKind.Oci, Path, null),
        TargetForm.OciArchive => new ImagePlace(PlaceKind.OciArchive, Path, null),
        TargetForm.DockerArchive => new ImagePlace(PlaceKind.DockerArchive, Path, null),
        TargetForm.RegistryV2 => new ImagePlace(PlaceKind.RegistryV2, Path, null),
        TargetForm.Car => new ImagePlace(PlaceKind.Car, Path, null),
        TargetForm.SkopeoFolder => new ImagePlace(PlaceKind.SkopeoFolder, Path, null),
        _ when ImagePlace.Parse(Path) is { Kind: not PlaceKind.Archive } place => place,
        _ => new ImagePlace(PlaceKind.OciArchive, Path, null),
    };

    /// <summary>The image of the store that is meant; null for all of the store.</summary>
    public RepositoryReference? Image => Elsewhere is { Kind: PlaceKind.Store, Reference: { } name } ? RepositoryReference.Parse(name) : null;

    /// <summary>The places that are meant, each once; globs are expanded.</summary>
    /// <exception cref="Ipdr.Oci.Faults.IpdrException">A glob matches nothing.</exception>
    /// <exception cref="UsageException">A prefix has no place behind it, or none that can be.</exception>
    public static IReadOnlyList<NamedPlace> Expand(IEnumerable<string> arguments, string currentFolder) =>
        [.. arguments.Select(Parse).SelectMany(place => Expand(place, currentFolder)).Distinct()];

    private static IEnumerable<NamedPlace> Expand(NamedPlace place, string currentFolder) =>
        place.Elsewhere is null ? InputGlob.Expand([place.Path], currentFolder, foldersToo: true).Select(path => place with { Path = path }) : [place];

    private static NamedPlace Parse(string argument)
    {
        foreach ((string prefix, TargetForm form) in Names)
        {
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
                return new NamedPlace(argument, form) { Elsewhere = ParseName(argument, prefix) };
        }
        foreach ((string prefix, TargetForm form) in Files)
        {
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
                return argument.Length > prefix.Length ? OfFile(argument, prefix, form) : throw new UsageException($"{prefix} needs a place behind it");
        }
        return argument.Length > 0 ? new NamedPlace(argument, TargetForm.Any) : throw new UsageException("a place is empty");
    }

    // With a reference behind it, it is that image alone, read where it lies.
    private static NamedPlace OfFile(string argument, string prefix, TargetForm form)
    {
        ImagePlace place = ImagePlace.Parse(argument);
        if (place.Reference is null || !System.IO.Path.Exists(place.Location))
            return new NamedPlace(argument[prefix.Length..], form);
        return form != TargetForm.DockerArchive
            ? new NamedPlace(argument, TargetForm.Source) { Elsewhere = place }
            : throw new UsageException($"an archive of docker save is checked as a whole: leave out :{place.Reference}");
    }

    private static ImagePlace ParseName(string argument, string prefix)
    {
        // The store alone can be meant as a whole.
        if (argument == prefix && prefix != "store:")
            throw new UsageException($"{prefix} needs a name behind it");
        ImagePlace place = ImagePlace.Parse(argument);
        return place switch
        {
            { Kind: PlaceKind.Store, Reference: { } name } when !RepositoryReference.TryParse(name, null, out _) =>
                throw new UsageException($"\"{name}\" is no name in a store: it is written repository[:tag] or repository@digest, lower case but for the tag"),
            { Kind: PlaceKind.Registry, Reference: { } name } when !ImageReference.TryParse(name, null, out _) && !name.AsSpan().ContainsAny('*', '?') =>
                throw new UsageException($"\"{name}\" cannot be the name of an image: it is written docker://host/repository[:tag][@digest], lower case but for the tag"),
            _ => place,
        };
    }
}
