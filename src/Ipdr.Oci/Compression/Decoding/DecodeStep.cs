namespace Ipdr.Oci.Compression.Decoding;

/// <summary>How a call of <see cref="StreamDecoder.Decode"/> ended.</summary>
internal enum DecodeStep
{
    /// <summary>Something was used or given out; call again.</summary>
    Progress,

    /// <summary>Nothing more can be done without more input: <see cref="StreamDecoder.Wanted"/> bytes of it.</summary>
    NeedsInput,

    /// <summary>The compressed data is complete and verified; input that is left follows it.</summary>
    End,
}
