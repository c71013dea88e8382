using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>What counts for a signature of an image, and what only claims to be one.</summary>
public sealed class SignatureSearchTests : IAsyncDisposable
{
    private static readonly TestSigner Signer = TestSigner.Default;

    private readonly SignedPlace _place = new();

    private Digest Image => _place.Image.Digest;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Annotations_that_are_no_text_are_told_as_they_are_written()
    {
        string payload = $"{Encoding.UTF8.GetString(TestSigner.Payload(Image)).Split(",\"optional\"")[0]},\"optional\":{{\"a\":\"\\ud800\",\"b\":[null,{{}}],\"c\":null}}}}";
        _place.Attach(tagged: true, Signer.Simple(Encoding.UTF8.GetBytes(payload)));
        Assert.Equal([new("a", "\"\\ud800\""), new("b", "[null,{}]"), new("c", "null")], (await AssertSignedAsync()).Signatures[0].Claims.Annotations);
    }

    [Theory]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"\ud800"},"type":"cosign container image signature"}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"DIGEST"},"type":"cosign container image signature"},"optional":{"\ud800":""}}""")]
    public async Task Half_of_a_surrogate_pair_is_no_text(string payload)
    {
        _place.Attach(tagged: true, Signer.Simple(Encoding.UTF8.GetBytes(payload.Replace("DIGEST", Image.ToString(), StringComparison.Ordinal))));
        await AssertUnsignedAsync(FaultCode.BadSignature);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payload_that_names_the_image_is_a_signature(bool tagged)
    {
        Descriptor holder = _place.Attach(tagged, Signer.Simple(TestSigner.Payload(Image)));
        ImageSignature signature = Assert.Single((await AssertSignedAsync()).Signatures);
        Assert.Equal((holder.Digest, SignatureForm.SimpleSigning, "team/app"), (signature.Manifest, signature.Form, signature.Claims.Reference));
        Assert.Equal([new("build", "42"), new("count", "7")], signature.Claims.Annotations);
    }

    [Theory]
    [InlineData("https://in-toto.io/Statement/v1")]
    [InlineData("https://in-toto.io/Statement/v0.1")]
    public async Task A_statement_that_says_nothing_else_is_a_signature(string type)
    {
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", Signer.Envelope(TestSigner.Statement(Image, type: type)))));
        Assert.Equal((SignatureForm.Statement, "team/app"), ((await AssertSignedAsync()).Signatures[0].Form, (await AssertSignedAsync()).Signatures[0].Claims.Reference));
    }

    [Fact]
    public async Task A_bundle_may_sign_the_manifest_itself()
    {
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Message(_place[_place.Image])));
        Assert.Equal(SignatureForm.Message, (await AssertSignedAsync()).Signatures[0].Form);
    }

    [Fact]
    public async Task Both_alphabets_of_base64_are_read_with_padding_or_without()
    {
        JsonObject envelope = Signer.Envelope(TestSigner.Statement(Image));
        envelope["payload"] = Url(envelope["payload"]!.GetValue<string>());
        envelope["signatures"]![0]!["sig"] = Url(envelope["signatures"]![0]!["sig"]!.GetValue<string>());
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", envelope)));
        await AssertSignedAsync();

        static string Url(string text) => text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    [Fact]
    public async Task One_good_signature_of_several_in_an_envelope_is_enough()
    {
        JsonObject envelope = Signer.Envelope(TestSigner.Statement(Image));
        envelope["signatures"]!.AsArray().Insert(0, new JsonObject { ["sig"] = Convert.ToBase64String(new byte[70]), ["keyid"] = "x" });
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", envelope)));
        await AssertSignedAsync();
    }

    [Fact]
    public async Task One_good_signature_beside_bad_ones_is_enough_and_these_are_told()
    {
        TestSigner other = TestSigner.Ecdsa(System.Security.Cryptography.ECCurve.NamedCurves.nistP384, System.Security.Cryptography.HashAlgorithmName.SHA384, "other.pub");
        _place.Attach(tagged: true, other.Simple(TestSigner.Payload(Image)), (SignedPlace.SimpleSigning, TestSigner.Payload(Image), "!"), Signer.Simple(TestSigner.Payload(Image)));
        _place.Attach(tagged: false, other.Simple(TestSigner.Payload(Image)));
        SignedImage image = await AssertSignedAsync();
        Assert.Equal((2, FaultCode.BadSignature), (image.OtherSignatures, Assert.Single(image.Defects).Code));
        Assert.Equal(["test.pub", "other.pub"], (await _place.VerifyAsync(Signer.Key, other.Key)).Signatures.Select(signature => signature.Key.Name).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_stands_in_two_places_is_one_signature()
    {
        (string, byte[], string?) layer = Signer.Simple(TestSigner.Payload(Image));
        _place.Attach(tagged: true, layer, layer);
        _place.Attach(tagged: false, layer);
        Assert.Single((await AssertSignedAsync()).Signatures);
    }

    [Fact]
    public async Task A_signature_of_another_image_is_none_of_this_one()
    {
        Digest other = Digest.OfContent(DigestAlgorithm.Sha256, "another"u8);
        _place.Attach(tagged: true, Signer.Simple(TestSigner.Payload(other)));
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", Signer.Envelope(TestSigner.Statement(other)))));
        SignedImage image = await AssertUnsignedAsync(FaultCode.SignatureOfOther, FaultCode.SignatureOfOther);
        Assert.Equal((Image.ToString(), other.ToString()), (image.Defects[0].Expected, image.Defects[0].Actual));
        Assert.Contains(other.ToString(), image.Defects[1].Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_signature_of_other_bytes_is_none()
    {
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Message("another"u8.ToArray())));
        JsonObject lying = Signer.Message("another"u8.ToArray());
        lying["messageSignature"]!["messageDigest"] = Signer.Message(_place[_place.Image])["messageSignature"]!["messageDigest"]!.DeepClone();
        _place.Attach(tagged: false, TestSigner.Layer(lying));
        JsonObject silent = Signer.Message("another"u8.ToArray());
        silent["messageSignature"]!.AsObject().Remove("messageDigest");
        _place.Attach(tagged: false, TestSigner.Layer(silent));
        await AssertUnsignedAsync(FaultCode.BadSignature, FaultCode.BadSignature, FaultCode.BadSignature);
    }

    [Theory]
    [InlineData("https://slsa.dev/provenance/v1")]
    [InlineData("https://sigstore.dev/cosign/sign/v1/")]
    [InlineData("https://sigstore.dev/cosign/sign/V1")]
    public async Task A_statement_that_says_something_else_is_an_attestation(string predicate)
    {
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", Signer.Envelope(TestSigner.Statement(Image, predicate)))));
        Assert.Equal(predicate, Assert.Single((await AssertUnsignedAsync()).Attestations).PredicateType);
        Assert.Equal((0, 0), ((await _place.VerifyAsync()).Attestations.Count, (await _place.VerifyAsync()).OtherSignatures));
    }

    [Fact]
    public async Task An_envelope_outside_of_a_bundle_is_an_attestation_whatever_it_says()
    {
        _place.Attach(tagged: true, TestSigner.Layer(Signer.Envelope(TestSigner.Statement(Image)), SignedPlace.Envelope));
        Assert.Equal(TestSigner.SignPredicate, Assert.Single((await AssertUnsignedAsync()).Attestations).PredicateType);
    }

    [Theory]
    [InlineData("""{"critical":{"identity":null,"image":{"docker-manifest-digest":"DIGEST"},"type":"atomic container signature"}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"DIGEST"}}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"sha256:00"},"type":"cosign container image signature"},"critical":{"image":{"docker-manifest-digest":"DIGEST"},"type":"cosign container image signature"}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"sha256:00","docker-manifest-digest":"DIGEST"},"type":"cosign container image signature"}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"DIGEST"},"type":"cosign container image signature"},"optional":{"a":"1","a":"2"}}""")]
    [InlineData("""{"critical":{"image":{"Docker-Manifest-Digest":"DIGEST"},"type":"cosign container image signature"}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":null},"type":"cosign container image signature"}}""")]
    [InlineData("""{"critical":null}""")]
    [InlineData("""[]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"DIGEST"},"type":"cosign container image signature"}} x""")]
    [InlineData("\uFEFF{\"critical\":{\"image\":{\"docker-manifest-digest\":\"DIGEST\"},\"type\":\"cosign container image signature\"}}")]
    public async Task A_payload_that_is_signed_and_malformed_is_no_signature(string payload)
    {
        _place.Attach(tagged: true, Signer.Simple(Encoding.UTF8.GetBytes(payload.Replace("DIGEST", Image.ToString(), StringComparison.Ordinal))));
        await AssertUnsignedAsync(FaultCode.BadSignature);
    }

    [Fact]
    public async Task A_payload_that_is_no_utf8_is_no_signature()
    {
        _place.Attach(tagged: true, Signer.Simple([.. TestSigner.Payload(Image)[..^1], .. ",\"x\":\""u8, 0xff, .. "\"}"u8]));
        await AssertUnsignedAsync(FaultCode.BadSignature);
    }

    [Theory]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v2","subject":[{"digest":{"sha256":"HEX"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.BadSignature)]
    [InlineData("""{"subject":[{"digest":{"sha256":"HEX"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.BadSignature)]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00","sha256":"HEX"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.BadSignature)]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","predicateType":"x","subject":[{"digest":{"sha256":"HEX"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.BadSignature)]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.SignatureOfOther)]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","subject":[null,{},{"digest":null}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.SignatureOfOther)]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha512":"HEX"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}""", FaultCode.SignatureOfOther)]
    public async Task A_statement_that_is_signed_and_not_about_the_image_is_no_signature(string statement, FaultCode code)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(statement.Replace("HEX", Image.Encoded, StringComparison.Ordinal));
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", Signer.Envelope(bytes))));
        await AssertUnsignedAsync(code);
    }

    [Fact]
    public async Task The_type_of_a_payload_is_signed_and_must_be_a_statement()
    {
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", Signer.Envelope(TestSigner.Statement(Image), "application/json"))));
        JsonObject changed = Signer.Envelope(TestSigner.Statement(Image), "application/json");
        changed["payloadType"] = TestSigner.PayloadType;
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", changed)));
        await AssertUnsignedAsync(FaultCode.BadSignature, FaultCode.BadSignature);
    }

    [Fact]
    public async Task A_statement_that_is_signed_without_its_envelope_is_not_accepted_in_one()
    {
        byte[] statement = TestSigner.Statement(Image);
        JsonObject envelope = Signer.Envelope(statement);
        envelope["signatures"]![0]!["sig"] = Convert.ToBase64String(Signer.Sign(statement));
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Bundle("dsseEnvelope", envelope)));
        await AssertUnsignedAsync(FaultCode.BadSignature);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"messageSignature":null,"dsseEnvelope":null}""")]
    [InlineData("""{"dsseEnvelope":{"payload":"","payloadType":"x","signatures":[]}}""")]
    [InlineData("""{"dsseEnvelope":{"payload":"","payloadType":"x","signatures":[null]}}""")]
    [InlineData("""{"dsseEnvelope":{"payload":"","payloadType":"x","signatures":[{"sig":null}]}}""")]
    [InlineData("""{"dsseEnvelope":{"payload":"a","payloadType":"x","signatures":[{"sig":""}]}}""")]
    [InlineData("""{"dsseEnvelope":{"payload":"YQ== ","payloadType":"x","signatures":[{"sig":"YQ=="}]}}""")]
    [InlineData("""{"messageSignature":{"signature":"!"}}""")]
    [InlineData("""{"messageSignature":{"signature":"YQ==","messageDigest":{"algorithm":"SHA2_256","digest":"!"}}}""")]
    [InlineData("""{"messageSignature":{"signature":"YQ=="},"dsseEnvelope":{"payload":"","payloadType":"x","signatures":[{"sig":""}]}}""")]
    [InlineData("""{"messageSignature":{"signature":"YQ=="},"messageSignature":{"signature":"YQ=="}}""")]
    [InlineData("""{"messageSignature":{"signature":"YQ=="}""")]
    [InlineData("")]
    public async Task A_bundle_that_is_malformed_is_no_signature(string bundle)
    {
        _place.Attach(tagged: false, (SignedPlace.Bundle, Encoding.UTF8.GetBytes(bundle), null));
        await AssertUnsignedAsync(FaultCode.BadSignature);
    }

    [Fact]
    public async Task A_bundle_that_hints_at_the_key_and_is_not_made_with_it_is_told()
    {
        JsonObject bundle = Signer.Message(_place[_place.Image]);
        bundle["messageSignature"]!["signature"] = Convert.ToBase64String(Signer.Sign("another"u8.ToArray()));
        _place.Attach(tagged: false, TestSigner.Layer(bundle));
        Assert.Equal(0, (await AssertUnsignedAsync(FaultCode.BadSignature)).OtherSignatures);
        bundle["verificationMaterial"]!["publicKey"]!["hint"] = "somebody else";
        SignedPlace other = new();
        other.Attach(tagged: false, TestSigner.Layer(bundle));
        SignedImage image = await other.VerifyAsync(Signer.Key);
        Assert.Equal((false, 1, 0), (image.IsSigned, image.OtherSignatures, image.Defects.Count));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("====")]
    [InlineData("TUVV\nQ0lR")]
    [InlineData("Iñtërnâtiôn")]
    public async Task A_layer_without_a_signature_or_with_a_malformed_one_is_none(string? signature)
    {
        _place.Attach(tagged: true, (SignedPlace.SimpleSigning, TestSigner.Payload(Image), signature));
        SignedImage image = await _place.VerifyAsync(Signer.Key);
        Assert.False(image.IsSigned);
        Assert.Equal(1, image.Defects.Count + image.OtherSignatures);
    }

    [Fact]
    public async Task A_payload_that_is_not_what_its_descriptor_says_is_not_read()
    {
        (string Type, byte[] Content, string? Signature) good = Signer.Simple(TestSigner.Payload(Image)), foreign = Signer.Simple("{ }"u8.ToArray());
        // The signature fits the bytes that come, and these are not those that the manifest names.
        _place.Attach(tagged: true, (foreign.Type, foreign.Content, good.Signature));
        _place[_place.Add(foreign.Type, foreign.Content)] = good.Content;
        await AssertUnsignedAsync(FaultCode.BadSignature);

        Descriptor missing = _place.Add(good.Type, good.Content);
        _place.Attach(tagged: false, good);
        _place.Remove(missing);
        await AssertUnsignedAsync(FaultCode.BadSignature, FaultCode.BadSignature);
    }

    [Fact]
    public async Task A_referrer_that_is_absent_or_damaged_counts_for_nothing_and_stops_nobody()
    {
        Descriptor absent = _place.Attach(tagged: false, Signer.Simple(TestSigner.Payload(Image)));
        _place.Remove(absent);
        Descriptor damaged = _place.Attach(tagged: true, Signer.Simple(TestSigner.Payload(Image)));
        _place[damaged] = "{}"u8.ToArray();
        await AssertUnsignedAsync(FaultCode.BadSignature, FaultCode.BadSignature);
        _place.Attach(tagged: false, TestSigner.Layer(Signer.Message(_place[_place.Image])));
        Assert.Equal(2, (await AssertSignedAsync()).Defects.Count);
    }

    [Fact]
    public async Task A_referrer_that_speaks_of_something_else_is_left_out()
    {
        SignedPlace other = new();
        Descriptor stranger = _place.AddManifest(new JsonObject(_place.ManifestOf("application/vnd.oci.empty.v1+json", Signer.Simple(TestSigner.Payload(Image))).DeepClone().AsObject().Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value?.DeepClone())))
        {
            ["subject"] = SignedPlace.Json(other.Image with { Digest = Digest.OfContent(DigestAlgorithm.Sha256, "x"u8) }),
        });
        _place.Refer(_place.Image, stranger, null);
        await AssertUnsignedAsync(FaultCode.BadReferrer);
    }

    [Fact]
    public async Task A_crowd_of_layers_and_manifests_is_looked_through_within_bounds()
    {
        (string, byte[], string?)[] crowd = [.. Enumerable.Range(0, 1500).Select(i => (SignedPlace.SimpleSigning, "{}"u8.ToArray(), (string?)Convert.ToBase64String(BitConverter.GetBytes(i))))];
        _place.Attach(tagged: true, crowd);
        _place.Attach(tagged: false, Signer.Simple(TestSigner.Payload(Image)));
        SignedImage image = await AssertUnsignedAsync(FaultCode.Unchecked);
        Assert.Equal(1000, image.OtherSignatures);

        SignedPlace manifests = new();
        for (int i = 0; i < 1001; i++)
            manifests.Attach(tagged: false, ("text/plain", BitConverter.GetBytes(i), null));
        manifests.Attach(tagged: false, Signer.Simple(TestSigner.Payload(manifests.Image.Digest)));
        Assert.Equal(FaultCode.Unchecked, Assert.Single((await manifests.VerifyAsync(Signer.Key)).Defects).Code);
    }

    [Fact]
    public async Task Layers_up_to_the_bound_are_all_looked_at()
    {
        (string, byte[], string?)[] crowd = [.. Enumerable.Range(0, 999).Select(i => (SignedPlace.SimpleSigning, "{}"u8.ToArray(), (string?)Convert.ToBase64String(BitConverter.GetBytes(i))))];
        _place.Attach(tagged: true, [.. crowd, Signer.Simple(TestSigner.Payload(Image))]);
        Assert.Empty((await AssertSignedAsync()).Defects);
    }

    [Fact]
    public async Task What_is_too_large_for_a_signature_is_not_read()
    {
        byte[] large = new byte[(1 << 20) + 1];
        _place.Attach(tagged: true, Signer.Simple(large));
        await AssertUnsignedAsync(FaultCode.Unchecked);
    }

    [Fact]
    public async Task Many_large_payloads_are_read_within_a_bound()
    {
        _place.Attach(tagged: true, [.. Enumerable.Range(0, 80).Select(i => (SignedPlace.SimpleSigning, new byte[1 << 20], (string?)Convert.ToBase64String(BitConverter.GetBytes(i))))]);
        SignedImage image = await AssertUnsignedAsync(FaultCode.Unchecked);
        Assert.InRange(image.OtherSignatures, 60, 70);
    }

    [Fact]
    public async Task A_place_that_does_not_answer_is_no_unsigned_image() =>
        Assert.Equal(FaultCode.RegistryUnreachable, (await Assert.ThrowsAsync<IpdrException>(() => SignatureVerifier.VerifyAsync(new SilentPlace(_place), null, [Signer.Key], TestContext.Current.CancellationToken))).Fault.Code);

    private async Task<SignedImage> AssertSignedAsync()
    {
        SignedImage image = await _place.VerifyAsync(Signer.Key);
        Assert.True(image.IsSigned);
        return image;
    }

    private async Task<SignedImage> AssertUnsignedAsync(params FaultCode[] codes)
    {
        SignedImage image = await _place.VerifyAsync(Signer.Key);
        Assert.False(image.IsSigned);
        Assert.Equal(codes, image.Defects.Select(defect => defect.Code));
        return image;
    }
}
