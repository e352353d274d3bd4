"""What must not be used until somebody says otherwise: quarantine and recall, by pocket, item, NDC or lot."""
