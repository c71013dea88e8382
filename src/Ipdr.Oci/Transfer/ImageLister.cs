using System.Runtime.CompilerServices;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Lists what is in a place: the tags of a repository of a registry, and the images of any other place.</summary>
public static class ImageLister
{
    /// <summary>Lists the images, one for each name. Of a registry, nothing but the list of tags is fetched.</summary>
    /// <param name="place">A place; of a registry, a repository without tag and digest, or with a pattern of tags; or a pattern of repositories.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The place is not there or cannot be read, or it is one image of a registry (<see cref="FaultCode.BadReference"/>).</exception>
    public static IAsyncEnumerable<ListedImage> ListAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(options);
        return place.Kind == PlaceKind.Registry ? ListTagsAsync(place, options, cancellationToken) : ListImagesAsync(place, options, cancellationToken);
    }

    private static async IAsyncEnumerable<ListedImage> ListTagsAsync(ImagePlace place, PlaceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (RepositoryPattern.TryParse(place.Reference, out RepositoryPattern? repositories))
        {
            await foreach (ImageReference found in RegistryContents.ListAsync(repositories, options.Registries, cancellationToken).ConfigureAwait(false))
            {
                using RegistryClient each = new(found, options.Registries);
                foreach (Tag tag in await RegistryContents.ListTagsAsync(each, cancellationToken).ConfigureAwait(false))
                    yield return Named(found, tag);
            }
            yield break;
        }
        using RegistryClient client = TagPattern.TrySplit(place.Reference, out ImageReference? repository, out TagPattern? pattern)
            ? new RegistryClient(repository, options.Registries)
            : Places.ClientOf(place, options);
        if (client.Image is { Tag: not null } or { Digest: not null })
            throw new IpdrException(new Fault(FaultCode.BadReference, "it is one image, and the tags of a repository are listed", place.ToString(), $"Leave out what is behind the repository: docker://{client.Image.Name}"));
        await foreach (Tag tag in client.ListTagsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (pattern?.Matches(tag) != false)
                yield return Named(client.Image, tag);
        }
    }

    private static ListedImage Named(ImageReference repository, Tag tag) => new(ImageReference.Parse($"{repository.Name}:{tag}").Familiar, null);

    private static async IAsyncEnumerable<ListedImage> ListImagesAsync(ImagePlace place, PlaceOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IImageSource source = await Places.OpenSourceAsync(place, options, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            foreach (SourceImage image in await source.ListAsync(cancellationToken).ConfigureAwait(false))
                yield return new ListedImage(image.Name?.Familiar ?? image.Label, image.Descriptor.Digest);
        }
    }
}
