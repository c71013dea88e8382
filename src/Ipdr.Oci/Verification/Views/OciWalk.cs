using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Follows descriptors from an index down to the last blob: documents are checked on the way, other contents are asked for and judged afterwards.</summary>
internal sealed class OciWalk(VerificationContext context, IBlobNames names)
{
    private readonly Dictionary<(TargetFile, MediaType), IReadOnlyList<FoundImage>> _known = [];
    private readonly Dictionary<TargetFile, (FoundConfig?, Digest?)> _configs = [];
    private readonly List<Action> _judgements = [];
    private readonly List<FoundImage> _images = [];

    /// <summary>All images that were reached, in the order in which they were met.</summary>
    public IReadOnlyList<FoundImage> Images => _images;

    /// <summary>Follows all entries of an index.</summary>
    /// <param name="item">The part of the report that the entries belong to.</param>
    /// <param name="index">The index.</param>
    /// <param name="depth">Indexes above this one.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>The images that it leads to, each once.</returns>
    public async Task<IReadOnlyList<FoundImage>> WalkEntriesAsync(CheckedItem item, FoundIndex index, int depth, CancellationToken cancellationToken)
    {
        List<FoundImage> found = [];
        HashSet<FoundImage> seen = new(ReferenceEqualityComparer.Instance);
        HashSet<Digest> siblings = [.. index.Manifests.Select(entry => entry.Digest).OfType<Digest>()];
        foreach (FoundDescriptor entry in index.Manifests.TakeWhile(_ => context.CountReference(item)))
        {
            if (entry.Annotation(Annotations.DockerReferenceDigest) is { } about && !(Digest.TryParse(about, null, out Digest spokenOf) && siblings.Contains(spokenOf)))
                item.Add(Finding.Of(FaultCode.BadReferrer, "the entry speaks of a manifest that is not in the same index", entry.Place, actual: about));
            IReadOnlyList<FoundImage> images = await WalkAsync(item, entry, index, depth, cancellationToken).ConfigureAwait(false);
            foreach (FoundImage image in images)
                Name(image, entry, alone: depth == 0 && entry.MediaType is { IsManifest: true });
            found.AddRange(images.Where(seen.Add));
        }
        if (index.Subject is { } subject)
            await WalkSubjectAsync(item, subject, depth, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Follows one descriptor to a manifest, an index or something unknown.</summary>
    /// <returns>The images that it leads to.</returns>
    public async Task<IReadOnlyList<FoundImage>> WalkAsync(CheckedItem parent, FoundDescriptor entry, FoundIndex? siblings, int depth, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (entry.Digest is not { } digest || entry.MediaType is not { } type)
            return [];
        bool isDocument = type.IsIndex || type.IsManifest;
        CheckedItem item = parent.AddChild(new CheckedItem(type.IsIndex ? CheckedKind.Index : type.IsManifest ? CheckedKind.Artifact : CheckedKind.Blob, digest.ToString(), entry.Size));
        item.Detail = Describe(entry, type);
        if (type.IsSchema1)
            item.Add(Finding.Of(FaultCode.UnsupportedMediaType, "a schema 1 manifest cannot be verified", entry.Place));
        TargetFile? file = Resolve(isDocument ? names.OfManifest(digest) : names.OfBlob(digest), Missing(entry, siblings), entry, item);
        if (file is null)
            return [];
        if (!isDocument)
        {
            Demand(item, file, entry);
            return [];
        }
        return await WalkDocumentAsync(item, file, entry, siblings, type, depth, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Judges everything that could not be told before the contents were read.</summary>
    public void Judge() => _judgements.ForEach(judgement => judgement());

    private async Task<IReadOnlyList<FoundImage>> WalkDocumentAsync(CheckedItem item, TargetFile file, FoundDescriptor entry, FoundIndex? siblings, MediaType type, int depth, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((file, type), out IReadOnlyList<FoundImage>? known))
        {
            item.Detail = (item.Detail + "  (as above)").Trim();
            if (entry.Size is { } promised && promised != file.Size)
                item.Add(DocumentReading.WrongSize(entry, promised, file.Size));
            return known;
        }
        _known[(file, type)] = [];
        if (!context.CountManifest(item))
            return [];
        if (depth > context.Options.Limits.MaxIndexDepth)
        {
            item.Add(Finding.Of(FaultCode.Limit, $"indexes are nested more than {context.Options.Limits.MaxIndexDepth} deep", entry.Place));
            return [];
        }
        DocumentReading reading = await DocumentReading.ReadAsync(context, item, file, entry, FaultCode.BadManifest, cancellationToken).ConfigureAwait(false);
        if (reading.Document is null)
        {
            if (reading.IsUnread)
                Demand(item, file, entry, mustBeDocument: true);
            return [];
        }
        using StrictDocument document = reading.Document;
        return _known[(file, type)] = type.IsIndex
            ? await WalkIndexAsync(item, document, entry, depth, cancellationToken).ConfigureAwait(false)
            : await WalkManifestAsync(item, document, entry, siblings, type, depth, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<FoundImage>> WalkIndexAsync(CheckedItem item, StrictDocument document, FoundDescriptor entry, int depth, CancellationToken cancellationToken)
    {
        if (IndexReader.Read(document, isLayoutIndex: false) is not { } index)
            return [];
        return await WalkEntriesAsync(item, index with { ReferrersTag = ReferrersTagIn(entry) }, depth + 1, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<FoundImage>> WalkManifestAsync(CheckedItem item, StrictDocument document, FoundDescriptor entry, FoundIndex? siblings, MediaType type, int depth, CancellationToken cancellationToken)
    {
        if (ManifestReader.Read(document, type) is not { } manifest)
            return [];
        CheckReferrer(item, entry, manifest, siblings?.ReferrersTag);
        if (manifest.Subject is { } subject)
            await WalkSubjectAsync(item, subject, depth, cancellationToken).ConfigureAwait(false);
        if (!manifest.IsImage(entry.IsAttestation))
        {
            item.Detail = (manifest.ArtifactType ?? manifest.Config?.MediaType?.ToString() ?? "") is { Length: > 0 } kind ? kind : item.Detail;
            foreach (FoundDescriptor blob in manifest.Layers.Prepend(manifest.Config).OfType<FoundDescriptor>().TakeWhile(_ => context.CountReference(item)))
                FindBlob(item, blob, CheckedKind.Blob, isForeignAllowed: false);
            return [];
        }
        item.Kind = CheckedKind.Image;
        (FoundConfig? config, Digest? imageId) = await ReadConfigAsync(item, manifest.Config!, entry, cancellationToken).ConfigureAwait(false);
        FoundImage image = new(item, new Place(document.File))
        {
            Manifest = entry.Digest,
            ImageId = imageId,
            Config = config,
            Layers = [.. manifest.Layers.OfType<FoundDescriptor>().TakeWhile(_ => context.CountReference(item)).Select((layer, i) => FindLayer(item, layer, i < config?.DiffIds.Count ? config.DiffIds[i] : null))],
        };
        _images.Add(image);
        _judgements.Add(() => context.Judge.JudgeLayers(image));
        return [image];
    }

    private async Task<(FoundConfig?, Digest?)> ReadConfigAsync(CheckedItem image, FoundDescriptor descriptor, FoundDescriptor entry, CancellationToken cancellationToken)
    {
        if (descriptor.Digest is not { } digest)
            return (null, null);
        CheckedItem item = image.AddChild(new CheckedItem(CheckedKind.Config, digest.ToString(), descriptor.Size));
        TargetFile? file = Resolve(names.OfBlob(digest), Missing(descriptor, null), descriptor, item);
        if (file is null)
            return (null, null);
        if (_configs.TryGetValue(file, out (FoundConfig?, Digest?) known))
            return known;
        return _configs[file] = await ReadConfigAsync(image, item, file, descriptor, entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(FoundConfig?, Digest?)> ReadConfigAsync(CheckedItem image, CheckedItem item, TargetFile file, FoundDescriptor descriptor, FoundDescriptor entry, CancellationToken cancellationToken)
    {
        DocumentReading reading = await DocumentReading.ReadAsync(context, item, file, descriptor, FaultCode.BadConfig, cancellationToken).ConfigureAwait(false);
        if (reading.IsUnread)
            Demand(item, file, descriptor, mustBeDocument: true);
        if (reading.Document is null)
            return (null, null);
        using StrictDocument document = reading.Document;
        if (ConfigReader.Read(document) is not { } config)
            return (null, reading.Sha256);
        CheckPlatform(image, entry, config.Platform);
        if (image.Detail.Length == 0)
            image.Detail = config.Platform.ToString();
        return (config, reading.Sha256);
    }

    private FoundLayer FindLayer(CheckedItem image, FoundDescriptor descriptor, Digest? diffId)
    {
        CheckedItem item = image.AddChild(new CheckedItem(CheckedKind.Layer, descriptor.Digest?.ToString() ?? descriptor.Place.ToString(), descriptor.Size));
        TargetFile? file = FindFile(item, descriptor, isForeignAllowed: true);
        if (file is not null)
        {
            context.Ledger.Demand(file, descriptor.Digest!.Value.Algorithm);
            if (descriptor.MediaType is { IsLayer: true })
                context.Ledger.DemandLayer(file, diffId?.Algorithm ?? DigestAlgorithm.Sha256);
        }
        return new FoundLayer(item, file, descriptor);
    }

    private void FindBlob(CheckedItem parent, FoundDescriptor descriptor, CheckedKind kind, bool isForeignAllowed)
    {
        CheckedItem item = parent.AddChild(new CheckedItem(kind, descriptor.Digest?.ToString() ?? descriptor.Place.ToString(), descriptor.Size));
        item.Detail = descriptor.MediaType?.ToString() ?? "";
        if (FindFile(item, descriptor, isForeignAllowed) is { } file)
            Demand(item, file, descriptor);
    }

    private TargetFile? FindFile(CheckedItem item, FoundDescriptor descriptor, bool isForeignAllowed)
    {
        if (descriptor.Digest is not { } digest)
            return null;
        return Resolve(names.OfBlob(digest), isForeignAllowed && descriptor.MayBeAbsent ? null : Missing(descriptor, null), descriptor, item);
    }

    private TargetFile? Resolve(string path, Finding? missing, FoundDescriptor descriptor, CheckedItem item)
    {
        TargetFile? file = context.Files.Resolve(path, missing, descriptor.Place, item);
        if (file is not null)
            context.Reached.Add(file);
        else if (context.Missing.Add(path) && !descriptor.MayBeAbsent)
            context.Want(path, descriptor.Digest!.Value, descriptor.Size);
        return file;
    }

    private void Demand(CheckedItem item, TargetFile file, FoundDescriptor descriptor, bool mustBeDocument = false)
    {
        context.Ledger.Demand(file, descriptor.Digest!.Value.Algorithm);
        _judgements.Add(() =>
        {
            if (context.Judge.JudgeContent(item, file, descriptor.Digest, descriptor) && mustBeDocument)
                item.Add(DocumentReading.NoDocument(file));
        });
    }

    // A subject is a weak link: it may be elsewhere.
    private async Task WalkSubjectAsync(CheckedItem item, FoundDescriptor subject, int depth, CancellationToken cancellationToken)
    {
        if (subject.Digest is not { } digest)
            return;
        if (!context.Files.Has(names.OfManifest(digest)))
            item.Add(Finding.Of(FaultCode.MissingSubject, "the manifest that this one speaks of is not here", subject.Place, actual: digest.ToString()));
        else if (!_known.Keys.Any(known => known.Item1.Path == names.OfManifest(digest)))
            await WalkAsync(item, subject, null, depth + 1, cancellationToken).ConfigureAwait(false);
    }

    // Where an index tells what its entries speak of: containerd by an annotation, clients of old registries by the tag.
    private static void CheckReferrer(CheckedItem item, FoundDescriptor entry, FoundManifest manifest, string? referrersTag)
    {
        Digest? subject = manifest.Subject?.Digest;
        if (referrersTag is not null && (subject is null || ReferrerTag.ListOf(subject.Value).ToString() != referrersTag))
            item.Add(Finding.Of(FaultCode.BadReferrer, "the manifest stands in the list of referrers of another one than it speaks of", entry.Place, referrersTag, subject?.ToString()));
        if (entry.Annotation(Annotations.ContainerdManifestSubject) is { } said && subject is not null && said != subject.ToString())
            item.Add(Finding.Of(FaultCode.BadReferrer, "the manifest speaks of another one than the index says", entry.Place, said, subject.ToString()));
    }

    // A registry without the referrers API keeps them under the tag ALGORITHM-ENCODED of what they speak of (distribution-spec).
    private static string? ReferrersTagIn(FoundDescriptor entry) =>
        entry.Annotation(Annotations.RefName) is { } label && Digest.TryParse(label.Replace('-', ':'), null, out _) ? label : null;

    private static void CheckPlatform(CheckedItem item, FoundDescriptor entry, Platform config)
    {
        if (entry.Platform is not { IsUnknown: false } said || config.IsUnknown)
            return;
        if (!Fits(said.Os, config.Os) || !Fits(said.Architecture, config.Architecture) || !Fits(said.Variant, config.Variant))
        {
            item.Add(Finding.Of(
                FaultCode.PlatformMismatch, "the index says another platform than the config", entry.Place with { JsonPointer = entry.Place.JsonPointer + "/platform" }, config.ToString(), said.ToString()));
        }
    }

    // What one of them does not say is no contradiction.
    private static bool Fits(string? said, string? actual) => string.IsNullOrEmpty(said) || string.IsNullOrEmpty(actual) || said == actual;

    // Engines save what they hold: platforms that were never pulled stay listed while their manifests are absent.
    private Finding Missing(FoundDescriptor descriptor, FoundIndex? siblings)
    {
        bool isPart = siblings is not null && descriptor.Place.File != Layouts.OciLayout.IndexFile
            && siblings.Manifests.Any(sibling => sibling.Digest is { } other && context.Files.Has(names.OfManifest(other)));
        string what = $"{descriptor.MediaType}, {descriptor.Size} bytes";
        return isPart
            ? Finding.Of(FaultCode.PartialIndex, $"the manifest for {descriptor.Platform?.ToString() ?? "another platform"} is listed and not here", descriptor.Place, descriptor.Digest.ToString())
            : Finding.Of(FaultCode.MissingBlob, $"a blob is named and not here ({what})", descriptor.Place, descriptor.Digest.ToString());
    }

    private static void Name(FoundImage image, FoundDescriptor entry, bool alone)
    {
        image.IsAlone |= alone;
        string? label = entry.Annotation(Annotations.RefName);
        string? full = entry.Annotation(Annotations.ContainerdImageName) ?? (label?.Contains('/', StringComparison.Ordinal) == true ? label : null);
        if (ImageReference.TryParse(full, null, out ImageReference? name))
            image.Names.Add(name.ToString());
    }

    private static string Describe(FoundDescriptor entry, MediaType type)
    {
        string name = entry.Annotation(Annotations.ContainerdImageName) ?? entry.Annotation(Annotations.RefName) ?? "";
        string what = entry.Platform is { IsUnknown: false } platform ? platform.ToString() : type.IsIndex || type.IsManifest ? "" : type.ToString();
        return string.Join("  ", new[] { name, what }.Where(part => part.Length > 0));
    }
}
