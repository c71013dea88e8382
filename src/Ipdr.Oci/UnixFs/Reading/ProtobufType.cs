namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>How the value of a protobuf field is stored. Groups, which are obsolete, are no value here.</summary>
internal enum ProtobufType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
