namespace Ipdr.Oci.Car;

/// <summary>Major types of CBOR (RFC 8949, section 3.1) that the header of a CAR has.</summary>
internal enum CborType
{
    Number = 0,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
}
