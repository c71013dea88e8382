using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CsCheck;
using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>Whatever bit of a signature, or of what it signs, is another one, it is not accepted.</summary>
public sealed class SignatureMutationTests
{
    private static readonly TestSigner[] Signers =
    [
        TestSigner.Default,
        TestSigner.Ecdsa(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, "p384"),
        TestSigner.Ecdsa(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512, "p521"),
        TestSigner.Rsa(2048, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, "rsa"),
        TestSigner.Rsa(2048, HashAlgorithmName.SHA256, RSASignaturePadding.Pss, "pss"),
    ];

    [Fact]
    public void A_changed_bit_of_a_signature_or_message_is_never_accepted() =>
        Gen.Select(Gen.Int[0, Signers.Length - 1], Gen.Byte.Array[1, 300], Gen.Int[0, int.MaxValue], Gen.Bool).Sample((signer, message, bit, inSignature) =>
        {
            byte[] signature = Signers[signer].Sign(message);
            Assert.True(Signers[signer].Key.Verifies(new SignedMessage(message), signature));
            byte[] changed = Flip(inSignature ? signature : message, bit);
            return !(inSignature ? Signers[signer].Key.Verifies(new SignedMessage(message), changed) : Signers[signer].Key.Verifies(new SignedMessage(changed), signature));
        }, iter: 300);

    [Fact]
    public void Random_bytes_are_never_accepted() =>
        Gen.Select(Gen.Int[0, Signers.Length - 1], Gen.Byte.Array[0, 300]).Sample((signer, bytes) => !Signers[signer].Key.Verifies(new SignedMessage("message"u8.ToArray()), bytes), iter: 500);

    [Fact]
    public async Task A_changed_bit_of_a_payload_is_never_accepted_whatever_its_layer_says() =>
        await Gen.Int[0, int.MaxValue].SampleAsync(async bit =>
        {
            SignedPlace place = new();
            (string type, byte[] payload, string? signature) = TestSigner.Default.Simple(TestSigner.Payload(place.Image.Digest));
            place.Attach(tagged: true, (type, Flip(payload, bit), signature));
            Assert.False((await place.VerifyAsync(TestSigner.Default.Key)).IsSigned);
        }, iter: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_changed_bit_of_a_bundle_is_not_accepted_unless_it_is_of_what_nobody_signs(bool message)
    {
        SignedPlace plain = new();
        JsonObject good = message ? TestSigner.Default.Message(plain[plain.Image]) : TestSigner.Default.Bundle("dsseEnvelope", TestSigner.Default.Envelope(TestSigner.Statement(plain.Image.Digest)));
        (string type, byte[] bundle, _) = TestSigner.Layer(good);
        string signed = Signed(good);
        await Gen.Int[0, int.MaxValue].SampleAsync(async bit =>
        {
            SignedPlace place = new();
            byte[] changed = Flip(bundle, bit);
            place.Attach(tagged: false, (type, changed, null));
            if ((await place.VerifyAsync(TestSigner.Default.Key)).IsSigned)
                Assert.Equal(signed, Signed(JsonNode.Parse(changed)!.AsObject()));
        }, iter: 400);

        // The bytes that count: the message by itself, and a signature of it.
        static string Signed(JsonObject bundle) => bundle["dsseEnvelope"] is { } envelope
            ? $"{Decode(envelope["payload"]!)} {envelope["payloadType"]} {Decode(envelope["signatures"]![0]!["sig"]!)}"
            : Decode(bundle["messageSignature"]!["signature"]!);

        // Two texts of base64 may be the same bytes: the last letter has bits that are in none of them.
        static string Decode(JsonNode text) => Convert.ToHexString(Convert.FromBase64String(text.GetValue<string>().Replace('-', '+').Replace('_', '/')));
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
