namespace Ipdr.Oci.Images;

/// <summary>The two vocabularies that say the same things.</summary>
public enum MediaTypeFamily
{
    /// <summary><c>application/vnd.oci.image.*</c></summary>
    Oci,

    /// <summary><c>application/vnd.docker.*</c>, schema 2.</summary>
    Docker,
}
