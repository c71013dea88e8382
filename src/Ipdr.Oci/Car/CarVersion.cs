namespace Ipdr.Oci.Car;

/// <summary>The forms of a CAR.</summary>
public enum CarVersion
{
    /// <summary>A header, then one block after another: what can be streamed.</summary>
    V1 = 1,

    /// <summary>A version 1 with a header around it that says how long it is, and an index behind it.</summary>
    V2 = 2,
}
