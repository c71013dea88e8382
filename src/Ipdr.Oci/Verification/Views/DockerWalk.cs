using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Reads a target by its <c>manifest.json</c>, as <c>docker load</c> of Docker 1.10 to 28 does.</summary>
/// <param name="context">What all views share.</param>
/// <param name="others">The images that <c>index.json</c> leads to; empty without one.</param>
internal sealed class DockerWalk(VerificationContext context, IReadOnlyList<FoundImage> others)
{
    private readonly List<FoundImage> _images = [];
    private readonly Dictionary<TargetFile, (FoundConfig?, Digest?)> _configs = [];

    /// <summary>The images, in the order of the document.</summary>
    public IReadOnlyList<FoundImage> Images => _images;

    /// <summary>Follows all entries of <c>manifest.json</c>.</summary>
    public async Task WalkAsync(CheckedItem view, CancellationToken cancellationToken)
    {
        if (context.Files.Resolve(WellKnown.DockerManifest, null, new Place(""), view) is not { } file)
            return;
        ReadOnlyMemory<byte>? bytes = await ReadAsync(file, context.Options.Limits.MaxArchiveManifestBytes, view, cancellationToken).ConfigureAwait(false);
        if (bytes is null || StrictDocument.Parse(bytes.Value, file.Path, FaultCode.BadManifest, view, ignoreCase: true) is not { } document)
            return;
        using (document)
        {
            IReadOnlyList<JsonView> entries = document.Root.AsItems();
            Dictionary<string, JsonView> seen = new(StringComparer.Ordinal);
            foreach (JsonView entry in entries.TakeWhile(_ => context.CountManifest(view)))
                await ReadImageAsync(view, entry, seen, cancellationToken).ConfigureAwait(false);
            if (entries.Count == 0 && document.Root.IsArray)
                view.Add(Finding.Of(FaultCode.NoImages, "it names no image", new Place(file.Path)));
        }
    }

    /// <summary>Judges everything that could not be told before the contents were read.</summary>
    public void Judge() => _images.ForEach(context.Judge.JudgeLayers);

    private async Task ReadImageAsync(CheckedItem view, JsonView at, Dictionary<string, JsonView> seen, CancellationToken cancellationToken)
    {
        if (at.AsObject() is not { } entry)
            return;
        CheckedItem item = view.AddChild(new CheckedItem(CheckedKind.Image, entry.Pointer));
        string? configPath = entry.RequireText("Config");
        JsonView[] layers = [.. entry.Items("Layers")];
        string[] names = [.. ReadNames(entry)];
        item.Detail = string.Join(", ", names);
        string key = string.Join('\n', names.Prepend(configPath).Concat(layers.Select(layer => layer.AsText())));
        if (!seen.TryAdd(key, entry))
            entry.Report(FaultCode.DuplicateEntry, $"the entry repeats {seen[key].Pointer}");

        bool isElsewhere = configPath is not null && !context.Files.Has(configPath) && IsOtherPlatform(configPath);
        (FoundConfig? config, Digest? id) = configPath is null || isElsewhere ? (null, null) : await ReadConfigAsync(item, configPath, entry, cancellationToken).ConfigureAwait(false);
        if (isElsewhere)
            return;
        FoundImage image = new(item, entry.Place)
        {
            ImageId = id,
            Config = config,
            Layers = [.. layers.Select((layer, i) => FindLayer(item, layer, i < config?.DiffIds.Count ? config.DiffIds[i] : null)).OfType<FoundLayer>()],
        };
        image.Names.UnionWith(names);
        _images.Add(image);
    }

    // The containerd store names one platform here, which may be one that it does not hold; index.json tells what is missing then.
    private bool IsOtherPlatform(string configPath) => context.Missing.Contains(configPath) || (others.Count > 0 && !others.Any(other => other.IsAlone));

    private static IEnumerable<string> ReadNames(JsonView entry)
    {
        foreach (JsonView tag in entry.Items("RepoTags"))
        {
            if (tag.AsText() is not { } text)
                continue;
            if (ImageReference.TryParse(text, null, out ImageReference? name))
                yield return name.ToString();
            else
                tag.Report(FaultCode.BadReference, "the name is no image reference; engines ignore it or refuse the archive", actual: text);
        }
    }

    private async Task<(FoundConfig?, Digest?)> ReadConfigAsync(CheckedItem image, string path, JsonView entry, CancellationToken cancellationToken)
    {
        CheckedItem item = image.AddChild(new CheckedItem(CheckedKind.Config, path));
        Place from = entry.Place with { JsonPointer = entry.Pointer + "/Config" };
        if (context.Files.Resolve(path, Finding.Of(FaultCode.MissingConfig, "a config is named and not here", from, path), from, item) is not { } file)
            return (null, null);
        context.Reached.Add(file);
        item.Size = file.Size;
        if (_configs.TryGetValue(file, out (FoundConfig?, Digest?) known))
            return known;
        return _configs[file] = await ReadConfigAsync(item, file, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(FoundConfig?, Digest?)> ReadConfigAsync(CheckedItem item, TargetFile file, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? read = await ReadAsync(file, Document.MaxBytes, item, cancellationToken).ConfigureAwait(false);
        if (read is not { } bytes)
            return (null, null);
        context.NoteDocument(file, bytes.Length);
        Digest id = Digest.OfContent(DigestAlgorithm.Sha256, bytes.Span);
        if (!JudgeName(item, file, bytes.Span))
            return (null, null);
        using StrictDocument? document = StrictDocument.Parse(bytes, file.Path, FaultCode.BadConfig, item);
        return (document is null ? null : ConfigReader.Read(document), id);
    }

    // Names are pointers: a config may be called anything. Under a digest's own name it should have that digest, and among blobs it must.
    private static bool JudgeName(CheckedItem item, TargetFile file, ReadOnlySpan<byte> bytes)
    {
        if (!DigestName.TryRead(file.Path, out Digest promised) || Digest.OfContent(promised.Algorithm, bytes) is var actual && actual == promised)
            return true;
        bool isBlob = IsBlob(file.Path);
        item.Add(isBlob
            ? Finding.Of(FaultCode.DigestMismatch, "the content does not have the digest that names it", new Place(file.Path), promised.ToString(), actual.ToString())
            : Finding.Of(FaultCode.NameMismatch, "the config's name is not its digest", new Place(file.Path), promised.ToString(), actual.ToString()));
        return !isBlob;
    }

    private FoundLayer? FindLayer(CheckedItem image, JsonView at, Digest? diffId)
    {
        if (at.AsText() is not { } path || !context.CountReference(image))
            return null;
        CheckedItem item = image.AddChild(new CheckedItem(CheckedKind.Layer, path));
        Finding? missing = context.Missing.Contains(path) ? null : Finding.Of(FaultCode.MissingLayer, "a layer is named and not here", at.Place, path);
        TargetFile? file = context.Files.Resolve(path, missing, at.Place, item);
        Digest? named = null;
        if (file is not null)
        {
            item.Size = file.Size;
            context.Reached.Add(file);
            if (IsBlob(file.Path) && DigestName.TryRead(file.Path, out Digest promised))
                named = promised;
            context.Ledger.Demand(file, named?.Algorithm ?? DigestAlgorithm.Sha256);
            context.Ledger.DemandLayer(file, diffId?.Algorithm ?? DigestAlgorithm.Sha256);
        }
        return new FoundLayer(item, file, null) { Digest = named };
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CheckedItem item, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte>? bytes = await context.Files.ReadAsync(file, maxBytes, cancellationToken).ConfigureAwait(false);
            if (bytes is null)
            {
                item.Add(file.Size > maxBytes
                    ? Finding.Of(FaultCode.Limit, "the document is too large", new Place(file.Path), $"at most {maxBytes} bytes", $"{file.Size} bytes")
                    : Finding.Of(FaultCode.BadConfig, "a JSON document is needed here", new Place(file.Path)));
            }
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            item.Add(Finding.Of(FaultCode.Io, "the document cannot be read: " + e.Message.TrimEnd('.'), new Place(file.Path)));
            return null;
        }
    }

    private static bool IsBlob(string path) => path.StartsWith(WellKnown.Blobs + "/", StringComparison.Ordinal);
}
