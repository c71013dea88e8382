using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Where in a registry images go that keep their names.</summary>
/// <remarks><c>HOST/REPO:*</c>: into one repository, each under its own tag. <c>HOST/*</c> and <c>HOST/PREFIX/*</c>: below that path, each in its own repository.</remarks>
internal sealed class RegistryTarget
{
    private readonly string _path;
    private readonly bool _keepsRepositories;

    private RegistryTarget(string path, bool keepsRepositories) => (_path, _keepsRepositories) = (path, keepsRepositories);

    /// <summary>What messages call it.</summary>
    public string Place => $"docker://{_path}{(_keepsRepositories ? "/*" : ":*")}";

    /// <summary>Reads what stands behind <c>docker://</c>; false for the name of one image, and for what is wrong.</summary>
    public static bool TryParse(string? text, [MaybeNullWhen(false)] out RegistryTarget target)
    {
        target = null;
        if (TagPattern.TrySplit(text, out ImageReference? repository, out TagPattern? tags))
            target = tags == TagPattern.Any ? new RegistryTarget(repository.Name, keepsRepositories: false) : null;
        else if (RepositoryPattern.TryParse(text, out RepositoryPattern? repositories))
            target = new RegistryTarget(repositories.Path, keepsRepositories: true);
        return target is not null;
    }

    /// <summary>What an image is called there; one that was asked for by its digest has no tag.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">Where it comes from.</param>
    /// <exception cref="IpdrException">It has no name that it could keep (<see cref="FaultCode.BadReference"/>).</exception>
    public ImageReference NameOf(SourceImage image, IImageSource source)
    {
        string? repository = _keepsRepositories ? (image.Name ?? source.Repository)?.Repository : null;
        string? version = (image.Name?.Tag ?? image.Label) is { } tag ? $":{tag}" : source.Repository is null ? null : "";
        string text = repository is null ? $"{_path}{version}" : $"{_path}/{repository}{version}";
        return (repository is not null || !_keepsRepositories) && version is not null && ImageReference.TryParse(text, null, out ImageReference? name)
            ? name
            : throw new IpdrException(new Fault(
                FaultCode.BadReference, $"{image.Title} has no {(_keepsRepositories && repository is null ? "repository" : "tag")} that it could keep", source.Place,
                $"Copy it by itself, and say its name: docker://{_path}{(_keepsRepositories ? "/REPO" : "")}:TAG"));
    }
}
