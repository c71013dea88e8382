using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Verifies the images of a place that is asked, and not looked through: a registry, or a DAG whose blocks are anywhere.</summary>
internal static class SourceVerification
{
    /// <summary>Verifies the images that a source means.</summary>
    /// <returns>Who has signed them; null where that is not asked.</returns>
    /// <exception cref="IpdrException">There is none, or the place does not answer.</exception>
    public static async Task<IReadOnlyList<SignedImage>?> RunAsync(IImageSource source, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        ConcurrentBag<SourceFailure> unread = [];
        IReadOnlyList<SourceImage> images = source is RegistrySource { HasSeveral: true } registry
            ? await registry.ListSoundAsync((failure, _) => Task.FromResult(IsOfImage(failure, unread)), cancellationToken).ConfigureAwait(false)
            : await source.ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (SourceFailure failure in unread.OrderBy(failure => failure.Image.ToString(), StringComparer.Ordinal))
        {
            string name = failure.Image.Familiar;
            root.AddChild(new CheckedItem(CheckedKind.View, name)).Add(failure.Exception.Faults.Select(fault => Finding.Of(fault with { Where = "" }, new Place(name))));
        }
        SourceFiles files = await SourceFiles.OpenAsync(source, images, options.Limits, cancellationToken).ConfigureAwait(false);
        await using (files.ConfigureAwait(false))
        {
            VerificationContext context = new(files, new ContentLedger(files, examiner, options), examiner, options);
            OciWalk walk = new(context, new OciBlobNames());
            foreach (SourceImage image in images)
            {
                CheckedItem item = root.AddChild(new CheckedItem(CheckedKind.View, image.Title));
                FoundDescriptor descriptor = new(new Place(image.Title)) { MediaType = image.Descriptor.MediaType, Digest = image.Descriptor.Digest, Size = image.Descriptor.Size };
                await walk.WalkAsync(item, descriptor, null, 0, cancellationToken).ConfigureAwait(false);
            }
            CheckDigest(options, images, root);
            await context.Ledger.RunAsync(cancellationToken).ConfigureAwait(false);
            walk.Judge();
        }
        return options.Keys.Count > 0 ? await SignatureVerification.RunAsync(source, images, options.Keys, root, cancellationToken).ConfigureAwait(false) : null;
    }

    // A tag may lead to nothing, and the others are checked all the same; a registry that does not answer is no fault of a tag.
    private static bool IsOfImage(SourceFailure failure, ConcurrentBag<SourceFailure> unread)
    {
        if (failure.Exception.Fault.Code == FaultCode.RegistryUnreachable)
            return false;
        unread.Add(failure);
        return true;
    }

    private static void CheckDigest(VerificationOptions options, IReadOnlyList<SourceImage> images, CheckedItem root)
    {
        Digest[] found = [.. images.Select(image => image.Descriptor.Digest).Distinct()];
        if (options.Digest is { } wanted && !found.Contains(wanted))
            root.Add(Finding.Of(FaultCode.DigestMismatch, "no image has the digest that was asked for", new Place(""), wanted.ToString(), string.Join(", ", found)));
    }
}
