using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Where in a registry images go that keep their names.</summary>
/// <remarks><c>HOST/REPO:*</c>: into one repository, each under its own tag. <c>HOST/*</c> and <c>HOST/PREFIX/*</c>: below that path, each in its own repository.</remarks>
internal sealed class RegistryTarget : IMirrorTarget
{
    private readonly string _path;
    private readonly bool _keepsRepositories;
    private readonly RegistryOptions _options;

    // What one repository has got is mounted in the next.
    private readonly RepositoryBlobs _known = new();

    private RegistryTarget(string path, bool keepsRepositories, RegistryOptions options) => (_path, _keepsRepositories, _options) = (path, keepsRepositories, options);

    /// <summary>What messages call it.</summary>
    public string Place => $"docker://{_path}{(_keepsRepositories ? "/*" : ":*")}";

    /// <summary>Reads what stands behind <c>docker://</c>; false for the name of one image, and for what is wrong.</summary>
    public static bool TryParse(string? text, RegistryOptions options, [MaybeNullWhen(false)] out RegistryTarget target)
    {
        target = null;
        if (TagPattern.TrySplit(text, out ImageReference? repository, out TagPattern? tags))
            target = tags == TagPattern.Any ? new RegistryTarget(repository.Name, keepsRepositories: false, options) : null;
        else if (RepositoryPattern.TryParse(text, out RepositoryPattern? repositories))
            target = new RegistryTarget(repositories.Path, keepsRepositories: true, options);
        return target is not null;
    }

    /// <summary>What an image is called there; one that was asked for by its digest has no tag.</summary>
    /// <exception cref="IpdrException">It has no name that it could keep (<see cref="FaultCode.BadReference"/>).</exception>
    public MirroredImage Name(SourceImage image, IImageSource source)
    {
        string? repository = _keepsRepositories ? (image.Name ?? source.Repository)?.Repository : null;
        string? version = (image.Name?.Tag ?? image.Label) is { } tag ? $":{tag}" : source.Repository is null ? null : "";
        string text = repository is null ? $"{_path}{version}" : $"{_path}/{repository}{version}";
        return (repository is not null || !_keepsRepositories) && version is not null && ImageReference.TryParse(text, null, out ImageReference? name)
            ? new MirroredImage(source, image, name.Tag is null ? null : name.Familiar, name)
            : throw new IpdrException(new Fault(
                FaultCode.BadReference, $"{image.Title} has no {(_keepsRepositories && repository is null ? "repository" : "tag")} that it could keep", source.Place,
                $"Copy it by itself, and say its name: docker://{_path}{(_keepsRepositories ? "/REPO" : "")}:TAG"));
    }

    public ValueTask<IImageDestination> OpenAsync(MirroredImage image, CancellationToken cancellationToken) =>
        new(new RegistryDestination(new RegistryClient(image.Repository!, _options), _known, isTagged: image.Repository!.Tag is not null));
}
