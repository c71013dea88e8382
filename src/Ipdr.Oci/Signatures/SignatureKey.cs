using System.Security.Cryptography;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Signatures;

/// <summary>A public key by which signatures are verified: ECDSA on P-256, P-384 or P-521, or RSA of 2048 bits and more. Safe for several threads.</summary>
public sealed class SignatureKey
{
    // The longest DER of two numbers of 521 bits has 139 bytes.
    private const int MaxEcdsaBytes = 160;

    private readonly ECParameters? _curve;
    private readonly RSAParameters? _modulus;

    private SignatureKey(string name, string kind, byte[] encoded) =>
        (Name, Kind, Fingerprint) = (name, kind, Convert.ToBase64String(SHA256.HashData(encoded)));

    internal SignatureKey(string name, string kind, byte[] encoded, ECParameters curve)
        : this(name, kind, encoded) => _curve = curve;

    internal SignatureKey(string name, string kind, byte[] encoded, RSAParameters modulus)
        : this(name, kind, encoded) => _modulus = modulus;

    /// <summary>What it is called: the file that it was read from.</summary>
    public string Name { get; }

    /// <summary>Its algorithm and size, such as <c>ECDSA P-256</c>.</summary>
    public string Kind { get; }

    /// <summary>The SHA-256 of its SubjectPublicKeyInfo (RFC 5280), in base64, by which sigstore bundles hint at it.</summary>
    public string Fingerprint { get; }

    /// <summary>It was read from a certificate, of which nothing else was looked at: neither who issued it, nor its dates, nor what it is for.</summary>
    public bool IsOfCertificate { get; internal init; }

    /// <summary>Reads the one public key of a PEM text (RFC 7468): <c>PUBLIC KEY</c>, <c>RSA PUBLIC KEY</c>, or the key of a <c>CERTIFICATE</c>.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="name">What the key is called; its file.</param>
    /// <exception cref="IpdrException">There is none, there are several, or it is of a kind that is not verified here; <see cref="FaultCode.BadKey"/>.</exception>
    public static SignatureKey Parse(string pem, string name)
    {
        ArgumentNullException.ThrowIfNull(pem);
        ArgumentNullException.ThrowIfNull(name);
        return KeyReader.Read(pem, name);
    }

    /// <summary>Has the holder of this key signed the message? A signature that is malformed is none.</summary>
    internal bool Verifies(SignedMessage message, ReadOnlySpan<byte> signature) =>
        _curve is { } curve ? VerifiesEcdsa(curve, message, signature) : VerifiesRsa(_modulus!.Value, message, signature);

    private static bool VerifiesEcdsa(ECParameters curve, SignedMessage message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length > MaxEcdsaBytes)
            return false;
        using ECDsa key = ECDsa.Create(curve);
        foreach (HashAlgorithmName hash in SignedMessage.Algorithms)
        {
            if (key.VerifyHash(message.HashBy(hash), signature, DSASignatureFormat.Rfc3279DerSequence))
                return true;
        }
        return false;
    }

    private static bool VerifiesRsa(RSAParameters modulus, SignedMessage message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != modulus.Modulus!.Length)
            return false;
        using RSA key = RSA.Create(modulus);
        foreach (HashAlgorithmName hash in SignedMessage.Algorithms)
        {
            if (key.VerifyHash(message.HashBy(hash), signature, hash, RSASignaturePadding.Pkcs1) || key.VerifyHash(message.HashBy(hash), signature, hash, RSASignaturePadding.Pss))
                return true;
        }
        return false;
    }
}
