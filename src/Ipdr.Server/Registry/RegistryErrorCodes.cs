using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary>How an error code is written, and the status that goes with it.</summary>
internal static class RegistryErrorCodes
{
    extension(RegistryErrorCode code)
    {
        /// <summary>The code in an error document.</summary>
        public string Text => code switch
        {
            RegistryErrorCode.BlobUnknown => "BLOB_UNKNOWN",
            RegistryErrorCode.BlobUploadInvalid or RegistryErrorCode.RangeInvalid => "BLOB_UPLOAD_INVALID",
            RegistryErrorCode.BlobUploadUnknown => "BLOB_UPLOAD_UNKNOWN",
            RegistryErrorCode.DigestInvalid => "DIGEST_INVALID",
            RegistryErrorCode.ManifestBlobUnknown => "MANIFEST_BLOB_UNKNOWN",
            RegistryErrorCode.ManifestInvalid => "MANIFEST_INVALID",
            RegistryErrorCode.ManifestUnknown => "MANIFEST_UNKNOWN",
            RegistryErrorCode.NameInvalid => "NAME_INVALID",
            RegistryErrorCode.NameUnknown => "NAME_UNKNOWN",
            RegistryErrorCode.PaginationNumberInvalid => "PAGINATION_NUMBER_INVALID",
            RegistryErrorCode.SizeInvalid => "SIZE_INVALID",
            RegistryErrorCode.TagInvalid => "TAG_INVALID",
            RegistryErrorCode.Unauthorized => "UNAUTHORIZED",
            RegistryErrorCode.Denied => "DENIED",
            RegistryErrorCode.Unsupported => "UNSUPPORTED",
            RegistryErrorCode.TooManyRequests => "TOOMANYREQUESTS",
            RegistryErrorCode.Unavailable => "UNAVAILABLE",
            _ => "UNKNOWN",
        };

        /// <summary>The status of an answer with that code, unless the exception says another.</summary>
        public int Status => code switch
        {
            RegistryErrorCode.BlobUnknown or RegistryErrorCode.BlobUploadUnknown or RegistryErrorCode.ManifestUnknown
                or RegistryErrorCode.NameUnknown or RegistryErrorCode.ManifestBlobUnknown => StatusCodes.Status404NotFound,
            RegistryErrorCode.RangeInvalid => StatusCodes.Status416RangeNotSatisfiable,
            RegistryErrorCode.SizeInvalid => StatusCodes.Status413PayloadTooLarge,
            RegistryErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
            RegistryErrorCode.Denied => StatusCodes.Status403Forbidden,
            RegistryErrorCode.Unsupported => StatusCodes.Status405MethodNotAllowed,
            RegistryErrorCode.TooManyRequests => StatusCodes.Status429TooManyRequests,
            RegistryErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            RegistryErrorCode.Unknown => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };
    }
}
