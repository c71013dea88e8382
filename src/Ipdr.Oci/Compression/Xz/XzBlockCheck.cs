using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace Ipdr.Oci.Compression.Xz;

/// <summary>The running integrity check of a block's plain bytes.</summary>
internal sealed class XzBlockCheck(XzCheck kind) : IDisposable
{
    private readonly Crc32? _crc32 = kind == XzCheck.Crc32 ? new Crc32() : null;
    private readonly IncrementalHash? _sha256 = kind == XzCheck.Sha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private XzCrc64 _crc64 = new();

    /// <summary>Bytes of the check field.</summary>
    public static int LengthOf(XzCheck kind) => kind switch
    {
        XzCheck.Crc32 => sizeof(uint),
        XzCheck.Crc64 => sizeof(ulong),
        XzCheck.Sha256 => SHA256.HashSizeInBytes,
        _ => 0,
    };

    public void Append(ReadOnlySpan<byte> plain)
    {
        _crc32?.Append(plain);
        _sha256?.AppendData(plain);
        if (kind == XzCheck.Crc64)
            _crc64.Append(plain);
    }

    /// <summary>Does the block have the stated check?</summary>
    public bool Holds(ReadOnlySpan<byte> stated) => kind switch
    {
        XzCheck.None => true,
        XzCheck.Crc32 => BinaryPrimitives.ReadUInt32LittleEndian(stated) == _crc32!.GetCurrentHashAsUInt32(),
        XzCheck.Crc64 => BinaryPrimitives.ReadUInt64LittleEndian(stated) == _crc64.Value,
        _ => stated.SequenceEqual(_sha256!.GetCurrentHash()),
    };

    public void Dispose() => _sha256?.Dispose();
}
