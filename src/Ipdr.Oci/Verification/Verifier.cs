using Ipdr.Oci.Car;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Files;
using Ipdr.Oci.Verification.Repair;
using Ipdr.Oci.Verification.Views;

namespace Ipdr.Oci.Verification;

/// <summary>Checks anything that claims to be an image, and reports all that is wrong with it.</summary>
/// <remarks>
/// Documents are read first, in their order, from the index down. They tell which contents are needed and as what. Then every content is read once,
/// several side by side: hashed as stored, decompressed, hashed again and walked. Then what was promised is held against what was found, again in
/// the order of the documents. So the report is the same on any number of cores.
/// </remarks>
public static class Verifier
{
    /// <summary>Verifies one target.</summary>
    /// <param name="target">What to verify. Nothing outside of it is opened.</param>
    /// <param name="options">How thoroughly; null means the defaults.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found; a target that cannot be read at all is a finding too.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<VerificationReport> VerifyAsync(VerificationTarget target, VerificationOptions? options = null, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new VerificationOptions();
        if (options.Keys.Count > 0 && target is { OpenSource: null, OpenSigned: null })
            throw new ArgumentException("signatures can only be looked for in a target that says how: see WithSource", nameof(target));
        CheckedItem root = new(CheckedKind.Target, target.Name);
        ContentExaminer examiner = new(options, observer);
        Verified verified = new([], null);
        try
        {
            verified = await VerifyAsync(target, options, root, examiner, cancellationToken).ConfigureAwait(false);
            if (options.Keys.Count > 0 && target is { OpenSource: null, OpenSigned: { } open })
                verified = verified with { Signed = await SignatureVerification.RunAsync(open, options.Keys, root, cancellationToken).ConfigureAwait(false) };
        }
        catch (IpdrException e)
        {
            root.Add(e.Faults.Select(fault => Finding.Of(fault, new Place(""))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            root.Add(Finding.Of(FaultCode.Io, "it cannot be read: " + e.Message.TrimEnd('.'), new Place("")));
        }
        // Whatever kept signatures from being looked for, or images from being found: an answer that nobody gave is no.
        if (options.Keys.Count > 0 && verified.Signed is not { Count: > 0 } && root.Worst() is not Severity.Error)
            root.Add(Finding.Of(FaultCode.Unsigned, "no image was found that could be signed", new Place("")));
        return new VerificationReport(target.Name, root) { Quick = options.Quick, Blobs = examiner.Contents, Bytes = examiner.Bytes, Wanted = verified.Wanted, SignedImages = verified.Signed };
    }

    /// <summary>Takes what a layout lacks from other places, and then verifies it.</summary>
    /// <param name="path">The folder of the layout. Nothing in it changes but contents that are missing or not what their names promise.</param>
    /// <param name="form">What the layout is said to be.</param>
    /// <param name="places">Layouts and archives, asked in this order. What they give is verified before it is put in place.</param>
    /// <param name="options">How thoroughly to verify in the end; null means the defaults.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Stops the work; what was repaired by then stays.</param>
    /// <exception cref="IpdrException">There is no such folder, a place cannot be read, or the layout cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<VerificationReport> RepairAsync(string path, TargetForm form, IReadOnlyList<string> places, VerificationOptions? options = null, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(places);
        options ??= new VerificationOptions();
        if (!Directory.Exists(path))
            throw new IpdrException(new Fault(FaultCode.BadDestination, "only a layout in a folder can be repaired", path, "Convert an archive to a layout first."));
        IReadOnlyList<RepairedContent> repaired = await new LayoutRepair(path, places, options, observer).RunAsync(form, cancellationToken).ConfigureAwait(false);
        VerificationReport report = await VerifyAsync(VerificationTarget.OfPath(path, form), options, observer, cancellationToken).ConfigureAwait(false);
        return report with { Repaired = repaired };
    }

    /// <summary>Takes blobs that the store has lost, or that have rotted, from other places, and then verifies it.</summary>
    /// <param name="store">The store. Others may use it meanwhile.</param>
    /// <param name="image">The one image that is meant; null for everything.</param>
    /// <param name="places">Layouts and archives, asked in this order. What they give is verified before it is put in place.</param>
    /// <param name="options">How thoroughly to verify in the end; null means the defaults.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Stops the work; what was repaired by then stays.</param>
    /// <exception cref="IpdrException">A place cannot be read, or the store cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<VerificationReport> RepairAsync(ContentStore store, RepositoryReference? image, IReadOnlyList<string> places, VerificationOptions? options = null, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(places);
        options ??= new VerificationOptions();
        IReadOnlyList<RepairedContent> repaired = await new StoreRepair(store, image, places, options, observer).RunAsync(cancellationToken).ConfigureAwait(false);
        VerificationReport report = await VerifyAsync(VerificationTarget.OfStore(store, image), options, observer, cancellationToken).ConfigureAwait(false);
        return report with { Repaired = repaired };
    }

    private static async Task<Verified> VerifyAsync(VerificationTarget target, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        if (target.Store is { } store)
            return new Verified(await StoreVerification.RunAsync(store, target.Image, options, root, examiner, cancellationToken).ConfigureAwait(false), null);
        if (target.OpenSource is { } openSource)
        {
            IImageSource source = await openSource(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
                return new Verified([], await SourceVerification.RunAsync(source, options, root, examiner, cancellationToken).ConfigureAwait(false));
        }
        if (target.OpenStream is { } openStream)
        {
            Stream export = await openStream(cancellationToken).ConfigureAwait(false);
            await using (export.ConfigureAwait(false))
                return await VerifyAsync(VerificationTarget.OfStream(export, target.Name, target.Form), options, root, examiner, cancellationToken).ConfigureAwait(false);
        }
        if (target.Stream is null && Directory.Exists(target.Name))
        {
            FolderFiles folder = FolderFiles.Open(target.Name, options.Limits, cancellationToken);
            await using (folder.ConfigureAwait(false))
            {
                if (options.Cid is { } cid)
                    await CidCheck.RunAsync(target.Name, cid, options.CidBlocks, root, cancellationToken).ConfigureAwait(false);
                return new Verified(await TargetVerification.RunAsync(folder, target.Form, options, root, examiner, cancellationToken).ConfigureAwait(false), null);
            }
        }
        if (target.Stream is null && (target.Form == TargetForm.Car || (target.Form == TargetForm.Any && await IsCarAsync(target.Name, cancellationToken).ConfigureAwait(false))))
        {
            await CarVerification.VerifyAsync(target.Name, options, root, examiner, cancellationToken).ConfigureAwait(false);
            return new Verified([], null);
        }
        if (options.Cid is not null)
            root.Add(Finding.Of(FaultCode.Unchecked, "an archive has no CID: convert it to a layout first", new Place("")));
        ArchiveInput input = target.Stream is null ? ArchiveInput.OfFile(target.Name) : ArchiveInput.OfStream(target.Stream, target.Name);
        await using (input.ConfigureAwait(false))
        {
            ArchiveFiles archive = await ArchiveFiles.OpenAsync(input, options, examiner, cancellationToken).ConfigureAwait(false);
            await using (archive.ConfigureAwait(false))
                return new Verified(await TargetVerification.RunAsync(archive, target.Form, options, root, examiner, cancellationToken).ConfigureAwait(false), null);
        }
    }

    private static async Task<bool> IsCarAsync(string path, CancellationToken cancellationToken)
    {
        // A FIFO can be read once, and by the archive reader only.
        if (!File.Exists(path) || (FileStatus.TryRead(Path.GetFullPath(path), out FileStatus status) && status.Kind == FolderEntryKind.Special))
            return false;
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        await using (file.ConfigureAwait(false))
        {
            byte[] start = new byte[CarSniffer.PrefixLength];
            int count = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return CarSniffer.LooksLikeCar(start.AsSpan(0, count));
        }
    }

    // What comes out of a verification beside the findings.
    private sealed record Verified(IReadOnlyList<WantedContent> Wanted, IReadOnlyList<SignedImage>? Signed);
}
