using System.Globalization;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Who has signed the images of a target; an image that nobody of those has signed is a finding.</summary>
internal static class SignatureVerification
{
    /// <summary>What this view is called in reports.</summary>
    private const string ViewName = "signatures";

    /// <summary>Looks for signatures in a target that has been verified.</summary>
    /// <param name="open">Opens the target as a source.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="root">What was verified; takes what is found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The target cannot be read.</exception>
    public static async Task<IReadOnlyList<SignedImage>?> RunAsync(Func<CancellationToken, Task<IImageSource>> open, IReadOnlyList<SignatureKey> keys, CheckedItem root, CancellationToken cancellationToken)
    {
        // Opened as a source it would be converted, to find nothing.
        if (root.Children.Any(view => view.Name == WellKnown.DockerManifest) && !root.Children.Any(view => view.Name == WellKnown.Index))
        {
            root.Add(Finding.Of(FaultCode.Unsigned, "an archive of docker save has no manifest that could be signed", new Place("")));
            return null;
        }
        HashSet<string> verified = [.. root.WithDescendants().Select(item => item.Name)];
        IImageSource source = await open(cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            IReadOnlyList<SignedImage> signed = await RunAsync(source, null, keys, root, cancellationToken).ConfigureAwait(false);
            // A name may move between the two times that the place is looked at.
            foreach (SignedImage image in signed.Where(image => !verified.Contains(image.Digest.ToString())))
                root.Add(Finding.Of(FaultCode.DigestMismatch, $"{Title(image)} is another image now than the one that was verified before its signatures", new Place(""), actual: image.Digest.ToString()));
            return signed;
        }
    }

    /// <summary>Looks for signatures of images.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="images">The images; null for those that the source means.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="root">Takes what is found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The source cannot be read.</exception>
    public static async Task<IReadOnlyList<SignedImage>> RunAsync(IImageSource source, IReadOnlyList<SourceImage>? images, IReadOnlyList<SignatureKey> keys, CheckedItem root, CancellationToken cancellationToken)
    {
        CheckedItem view = root.AddChild(new CheckedItem(CheckedKind.View, ViewName));
        foreach (SignatureKey key in keys.Where(key => key.IsOfCertificate))
            view.Add(Finding.Of(FaultCode.Unchecked, $"{key.Name} is a certificate; its key was used, and neither its issuer nor its dates were looked at", new Place("")));
        IReadOnlyList<SignedImage> signed = await SignatureVerifier.VerifyAsync(source, images, keys, cancellationToken).ConfigureAwait(false);
        foreach (SignedImage image in signed)
            Add(view, image, keys);
        return signed;
    }

    private static void Add(CheckedItem view, SignedImage image, IReadOnlyList<SignatureKey> keys)
    {
        CheckedItem item = view.AddChild(new CheckedItem(CheckedKind.View, Title(image)) { Detail = Describe(image) });
        item.Add(image.Defects.Select(defect => Finding.Of(defect.Code, defect.What, new Place(OciLayout.PathOf(defect.Manifest)) { JsonPointer = defect.Pointer }, defect.Expected, defect.Actual)));
        if (!image.IsSigned)
            item.Add(Finding.Of(FaultCode.Unsigned, $"{Title(image)} is not signed with {(keys.Count == 1 ? keys[0].Name : $"any of the {keys.Count} keys")}", new Place(OciLayout.PathOf(image.Digest)), actual: Found(image)));
    }

    private static string Describe(SignedImage image) => image switch
    {
        { PartOf: { } index } => $"signed as a part of {index}",
        { IsSigned: true } => $"signed with {string.Join(", ", image.Signatures.Select(signature => signature.Key.Name).Distinct())}",
        _ => "not signed",
    };

    private static string Found(SignedImage image)
    {
        string others = image.OtherSignatures switch
        {
            0 => "no signature",
            1 => "1 signature by another key",
            { } count => string.Create(CultureInfo.InvariantCulture, $"{count} signatures by other keys"),
        };
        string[] predicates = [.. image.Attestations.Select(attestation => attestation.PredicateType).Distinct()];
        return predicates.Length > 0 ? $"{others}, and attestations, which sign no image: {string.Join(", ", predicates)}" : others;
    }

    private static string Title(SignedImage image) => image.Names.Count > 0 ? string.Join(", ", image.Names) : image.Digest.ToString();
}
