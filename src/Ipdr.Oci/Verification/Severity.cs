namespace Ipdr.Oci.Verification;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Nothing is wrong; somebody may want to know.</summary>
    Note,

    /// <summary>Tools may differ in what they make of it, or it is there for nothing.</summary>
    Warning,

    /// <summary>It is not what it claims to be, or is dangerous to use.</summary>
    Error,
}
