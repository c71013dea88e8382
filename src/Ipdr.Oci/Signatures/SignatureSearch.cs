using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Signatures.Formats;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Signatures;

/// <summary>Looks through all that refers to one image, within <see cref="SignatureBounds"/>.</summary>
/// <param name="source">Where it is.</param>
/// <param name="image">The image's manifest or index.</param>
/// <param name="keys">The keys that are tried.</param>
internal sealed class SignatureSearch(IImageSource source, Descriptor image, IReadOnlyList<SignatureKey> keys)
{
    private readonly List<ImageSignature> _signatures = [];
    private readonly List<ImageAttestation> _attestations = [];
    private readonly List<SignatureDefect> _defects = [];
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private SignedMessage? _manifest;
    private long _bytes;
    private int _tried;
    private bool _isCut;

    /// <summary>Looks for signatures.</summary>
    /// <param name="names">What the image is called.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The place cannot be read.</exception>
    public async Task<SignedImage> RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        FoundReferrer[] referrers = [.. (await source.ListReferrersAsync(image, cancellationToken).ConfigureAwait(false)).DistinctBy(referrer => (referrer.Descriptor.Digest, referrer.Tag))];
        foreach (FoundReferrer referrer in referrers.Take(SignatureBounds.MaxManifests).TakeWhile(_ => GoOn()))
            await LookAtAsync(referrer, cancellationToken).ConfigureAwait(false);
        if (_isCut || referrers.Length > SignatureBounds.MaxManifests)
        {
            string bounds = string.Create(CultureInfo.InvariantCulture, $"{SignatureBounds.MaxManifests} manifests, {SignatureBounds.MaxSignatures} signatures or {SignatureBounds.MaxBytes >> 20} MiB");
            _defects.Add(new SignatureDefect(FaultCode.Unchecked, $"more refers to the image than is looked through ({bounds}); there may be other signatures", image.Digest, ""));
        }
        return new SignedImage(names, image.Digest) { Signatures = _signatures, Attestations = _attestations, OtherSignatures = _others.Count, Defects = _defects };
    }

    private bool GoOn()
    {
        _isCut |= _tried >= SignatureBounds.MaxSignatures || _bytes > SignatureBounds.MaxBytes;
        return !_isCut;
    }

    private async Task LookAtAsync(FoundReferrer referrer, CancellationToken cancellationToken)
    {
        Digest holder = referrer.Descriptor.Digest;
        try
        {
            ReadOnlyMemory<byte> content = await source.ReadManifestAsync(referrer.Descriptor with { Annotations = null }, cancellationToken).ConfigureAwait(false);
            _bytes += content.Length;
            ManifestSummary manifest = ManifestSummary.Read(content, referrer.Descriptor.MediaType, "");
            if (referrer.Tag is null && manifest.Subject?.Digest != image.Digest)
                _defects.Add(new SignatureDefect(FaultCode.BadReferrer, "the manifest is listed among what refers to the image, and speaks of something else", holder, "/subject") { Expected = image.Digest.ToString(), Actual = manifest.Subject?.Digest.ToString() });
            else
                await LookThroughAsync(holder, manifest, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (IsOfContent(e))
        {
            AddDefect(e, holder, "");
        }
    }

    private async Task LookThroughAsync(Digest holder, ManifestSummary manifest, CancellationToken cancellationToken)
    {
        for (int i = 0; i < manifest.Layers.Count; i++)
        {
            Descriptor layer = manifest.Layers[i];
            string pointer = string.Create(CultureInfo.InvariantCulture, $"/layers/{i}");
            if (!SigstoreBundle.Is(layer.MediaType) && layer.MediaType.ToString() is not (SimpleSigningPayload.MediaType or DsseEnvelope.MediaType))
                continue;
            if (!GoOn())
                return;
            // Also what turns out to be none costs a request.
            _tried++;
            try
            {
                if (layer.Size > SignatureBounds.MaxPayloadBytes)
                    _defects.Add(new SignatureDefect(FaultCode.Unchecked, $"the layer is too large for a signature of an image and was not read; at most {SignatureBounds.MaxPayloadBytes} bytes are", holder, pointer) { Actual = string.Create(CultureInfo.InvariantCulture, $"{layer.Size} bytes") });
                else
                    Judge(await OpenAsync(layer, cancellationToken).ConfigureAwait(false), holder, pointer);
            }
            catch (IpdrException e) when (IsOfContent(e))
            {
                AddDefect(e, holder, pointer);
            }
        }
    }

    private async Task<SignatureCandidate> OpenAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> content = await ReadAsync(layer, cancellationToken).ConfigureAwait(false);
        switch (layer.MediaType.ToString())
        {
            case SimpleSigningPayload.MediaType:
                return SimpleSigningCandidate.Open(layer, content);
            case DsseEnvelope.MediaType:
                return StatementCandidate.Open(SignatureText.Read(content, SignatureJson.Default.DsseEnvelope, "envelope"), attests: true, hint: null);
            default:
                SigstoreBundle bundle = SignatureText.Read(content, SignatureJson.Default.SigstoreBundle, "bundle");
                string? hint = bundle.VerificationMaterial?.PublicKey?.Hint;
                return (bundle.MessageSignature, bundle.DsseEnvelope) switch
                {
                    (null, { } envelope) => StatementCandidate.Open(envelope, attests: false, hint),
                    ({ } message, null) => MessageCandidate.Open(message, await ReadManifestAsync(cancellationToken).ConfigureAwait(false), hint),
                    _ => throw SignatureText.Bad("the bundle has not one of messageSignature and dsseEnvelope, as it must"),
                };
        }
    }

    private void Judge(SignatureCandidate candidate, Digest holder, string pointer)
    {
        _tried += candidate.Signatures.Count - 1;
        SignatureKey[] signers = [.. keys.Where(key => candidate.Signatures.Any(signature => key.Verifies(candidate.Message, signature)))];
        if (signers.Length > 0)
            Accept(candidate, signers, holder, pointer);
        else if (keys.FirstOrDefault(key => key.Fingerprint == candidate.Hint) is { } claimed)
            _defects.Add(new SignatureDefect(FaultCode.BadSignature, $"it says that it is signed with {claimed.Name}, and that key does not verify it", holder, pointer));
        else if (!candidate.IsAttestation)
            _others.Add($"{Convert.ToHexString(candidate.Message.HashBy(SignedMessage.Algorithms[0]))} {Convert.ToHexString(candidate.Signatures[0])}");
    }

    private void Accept(SignatureCandidate candidate, SignatureKey[] signers, Digest holder, string pointer)
    {
        SignatureMeaning meaning = candidate.Read(image.Digest);
        if (!meaning.NamesImage)
        {
            string what = $"{string.Join(", ", signers.Select(key => key.Name))} has signed another image with it than the one that it is attached to";
            _defects.Add(new SignatureDefect(FaultCode.SignatureOfOther, what, holder, pointer) { Expected = image.Digest.ToString(), Actual = meaning.Named });
            return;
        }
        foreach (SignatureKey key in signers)
        {
            if (meaning.PredicateType is { } predicate)
                _attestations.Add(new ImageAttestation(key, holder, predicate));
            else if (!_signatures.Any(known => known.Key == key && known.Form == candidate.Form && Says(known.Claims, meaning.Claims)))
                _signatures.Add(new ImageSignature(key, holder, candidate.Form, meaning.Claims));
        }
    }

    // Cosign copies what is under its tag into a referrer, with what it adds there.
    private static bool Says(SignatureClaims one, SignatureClaims other) =>
        one.Reference == other.Reference && one.Annotations.SequenceEqual(other.Annotations);

    private async Task<SignedMessage> ReadManifestAsync(CancellationToken cancellationToken) =>
        _manifest ??= new SignedMessage(await source.ReadManifestAsync(image, cancellationToken).ConfigureAwait(false));

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        VerifyingStream stream = new(await source.OpenUnverifiedAsync(layer, 0, cancellationToken).ConfigureAwait(false), layer.Digest, layer.Size, layer.Digest.ToString());
        await using (stream.ConfigureAwait(false))
        {
            // One byte more, so that the read that compares is made.
            byte[] content = new byte[layer.Size + 1];
            int count = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            _bytes += count;
            return content.AsMemory(0, count);
        }
    }

    // What somebody attached is wrong in itself; a place that does not answer is another matter, since then nobody knows what is there.
    private static bool IsOfContent(IpdrException e) => e.Fault.Code is FaultCode.BadSignature or FaultCode.BadManifest or FaultCode.MissingBlob or FaultCode.NotFound or FaultCode.DigestMismatch
        or FaultCode.SizeMismatch or FaultCode.Limit or FaultCode.UnsupportedMediaType or FaultCode.UnsupportedAlgorithm or FaultCode.BadDigest;

    private void AddDefect(IpdrException e, Digest holder, string pointer)
    {
        string what = e.Fault.Code == FaultCode.BadSignature ? e.Fault.What : $"it cannot be read: {e.Fault.What}";
        _defects.Add(new SignatureDefect(FaultCode.BadSignature, what, holder, pointer) { Expected = e.Fault.Expected, Actual = e.Fault.Actual });
    }
}
