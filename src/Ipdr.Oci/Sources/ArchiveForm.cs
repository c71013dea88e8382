namespace Ipdr.Oci.Sources;

/// <summary>What an archive is said to be.</summary>
public enum ArchiveForm
{
    /// <summary>Whatever its content shows.</summary>
    Any,

    /// <summary>As <c>docker save</c> writes it: layers are brought into the form that registries have.</summary>
    Docker,

    /// <summary>A tar of an OCI image layout: every byte stays as it is.</summary>
    Oci,
}
