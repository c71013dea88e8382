using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Signatures;

/// <summary>Tells which images of a place the holders of some keys have signed. Nobody but the place is asked: no transparency log, no certificate authority, no clock.</summary>
/// <remarks>
/// An image is signed when one good signature by one of the keys names the digest of its manifest or index. What an index lists is signed with it. Signatures are looked for where
/// cosign and others put them: under the tag <c>sha256-….sig</c>, and among the referrers. Every byte of them is held against its descriptor first.
/// </remarks>
public static class SignatureVerifier
{
    /// <summary>Looks for signatures of images.</summary>
    /// <param name="source">Where the images are, and what refers to them.</param>
    /// <param name="images">The images; what only refers to others among them is left out, unless there is nothing else. Null for those that the source means.</param>
    /// <param name="keys">The keys; one is enough for each image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Each image once, in their order.</returns>
    /// <exception cref="IpdrException">The place cannot be read, or a manifest in it is damaged.</exception>
    public static async Task<IReadOnlyList<SignedImage>> VerifyAsync(IImageSource source, IReadOnlyList<SourceImage>? images, IReadOnlyList<SignatureKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(keys);
        images ??= await source.ListAsync(cancellationToken).ConfigureAwait(false);
        ListedManifests manifests = new(source);
        List<(SignedImage Result, Descriptor Manifest)> found = [];
        foreach (IGrouping<Digest, SourceImage> named in (await manifests.ChooseImagesAsync(images, cancellationToken).ConfigureAwait(false)).GroupBy(image => image.Descriptor.Digest))
        {
            string[] names = [.. named.Select(image => image.Name?.Familiar ?? image.Label).OfType<string>().Distinct()];
            Descriptor manifest = named.First().Descriptor;
            found.Add((await new SignatureSearch(source, manifest, keys).RunAsync(names, cancellationToken).ConfigureAwait(false), manifest));
        }
        Dictionary<Digest, Digest> parts = [];
        foreach ((SignedImage index, Descriptor manifest) in found.Where(image => image.Result.IsSigned && image.Manifest.MediaType.IsIndex))
        {
            foreach (Digest part in await manifests.PartsOfAsync(manifest, cancellationToken).ConfigureAwait(false))
                parts.TryAdd(part, index.Digest);
        }
        return [.. found.Select(image => !image.Result.IsSigned && parts.TryGetValue(image.Result.Digest, out Digest index) ? image.Result with { PartOf = index } : image.Result)];
    }
}
