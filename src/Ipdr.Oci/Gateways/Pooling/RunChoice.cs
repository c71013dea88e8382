namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>How the next parts of a file are to be fetched.</summary>
internal enum RunChoice
{
    /// <summary>Each by itself.</summary>
    Single,

    /// <summary>Many in one answer.</summary>
    Run,

    /// <summary>Later: those who could give many have enough to do.</summary>
    Later,
}
