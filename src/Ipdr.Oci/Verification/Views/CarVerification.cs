using Ipdr.Oci.Archives;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Verifies a CAR: its blocks and DAGs first, then the images in what they are the blocks of.</summary>
internal static class CarVerification
{
    /// <summary>Verifies the CAR at a path.</summary>
    public static async Task VerifyAsync(string path, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        CarReport report = await CarVerifier.VerifyAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        CheckedItem blocks = root.AddChild(new CheckedItem(CheckedKind.View, "blocks", report.BlockBytes) { Detail = $"{report.Blocks} blocks" });
        blocks.Add(report.Faults.Select(fault => Finding.Of(fault, new Place(""))));
        IReadOnlyList<Cid> roots = report.Header?.Roots ?? [];
        if (options.Cid is { } wanted && report.Header is not null && !roots.Any(cid => cid.Hash == wanted.Hash))
            root.Add(Finding.Of(FaultCode.CidMismatch, "the CID is not among the roots of the CAR", new Place(""), wanted.ToString(), string.Join(", ", roots)));
        if (report.OpaqueBlocks > 0)
            blocks.Add(Finding.Of(FaultCode.Unchecked, $"{report.OpaqueBlocks} blocks are neither dag-pb nor raw; their links were not followed", new Place("")));
        if (report.Faults.Count > 0 || report.Header is null)
            return;
        using CarFile car = await CarFile.OpenAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (Cid cid in roots.Distinct())
            await VerifyRootAsync(car, cid, options, root, examiner, cancellationToken).ConfigureAwait(false);
        if (roots.Count == 0)
            root.Add(Finding.Of(FaultCode.NoImages, "the CAR has no root", new Place("")));
    }

    private static async Task VerifyRootAsync(CarFile car, Cid cid, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        CheckedItem item = root.AddChild(new CheckedItem(CheckedKind.View, cid.ToString()));
        CarFiles files = await CarFiles.OpenAsync(car, cid, cancellationToken).ConfigureAwait(false);
        await using (files.ConfigureAwait(false))
        {
            bool isImage = files.Has(WellKnown.Index) || files.Has(WellKnown.LayoutMarker) || files.Has(WellKnown.DockerManifest) || files.All.Any(file => file.Path.EndsWith("manifests", StringComparison.Ordinal));
            if (isImage)
                await TargetVerification.RunAsync(files, TargetForm.Any, options, item, examiner, cancellationToken).ConfigureAwait(false);
            else
                item.Add(Finding.Of(FaultCode.NoImages, "the blocks are sound, and what they make up is no layout of images", new Place("")));
        }
    }
}
